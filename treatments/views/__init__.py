"""The catalogue's pages, a module each."""
