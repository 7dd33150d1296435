"""django-appointment beside us: a project for it, its clinic, its web server."""
