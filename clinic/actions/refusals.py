"""Why an action was not done. Every text is for the person who asked."""


class Refused(ValueError):
    """An action that cannot be done as asked; the text tells a person why."""


class BirthDateImpossible(Refused):
    """A birth date in the future, or before 1900."""


class BirthDateOnFile(Refused):
    """A patient changes a birth date that is already there."""


class PaperImpossible(Refused):
    """A qualification that nobody can hold as it is described."""


class MayNotVerify(Refused):
    """Somebody verifies a paper who is not there to do so."""
