"""Which rooms and devices a variant needs at a place, and which of them can serve.

Each kind that is needed is met by a room or device of its own: nothing is in two uses
at once, even where it could serve as both.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from bookings.rulebook import Rulebook
from clinic.models import Device, Location, Room
from treatments.models import TreatmentVariant

Resource = Room | Device


@dataclass(frozen=True, eq=False)
class Need:
    """Kinds of rooms, or of devices, each with those of the place that can serve.

    `options` holds them for each kind, the least capable first. They are occupied
    from `before` minutes ahead of the visible time to `after` minutes behind it.
    """

    kinds: tuple[str, ...]
    before: int
    after: int
    options: tuple[tuple[Resource, ...], ...]

    @cached_property
    def candidates(self) -> dict[int, Resource]:
        """All that can serve as anything here, by ascending id."""
        found = {each.pk: each for option in self.options for each in option}
        return dict(sorted(found.items()))

    def chosen(self, free: Callable[[int], bool]) -> tuple[Resource, ...] | None:
        """One for each kind among those that are free, the least capable; or None."""
        return _assigned(self.options, free, ())

    @property
    def is_there(self) -> bool:
        """Whether the place has enough, were nothing taken."""
        return self.chosen(lambda _: True) is not None


def rooms(book: Rulebook, variant: TreatmentVariant, place: Location) -> Need | None:
    """What a variant needs of rooms at a place; None if it needs none."""
    if not variant.needs_room:
        return None
    key = ("rooms", variant.pk, place.pk)

    def work() -> Need | None:
        here = book.rooms_at(place.pk)
        return _need(variant.rooms_needed, variant.around_rooms, here)

    return book.worked_out(key, work)


def devices(book: Rulebook, variant: TreatmentVariant, place: Location) -> Need | None:
    """What a variant needs of devices at a place; None if it needs none."""
    if not variant.needs_device:
        return None
    key = ("devices", variant.pk, place.pk)

    def work() -> Need | None:
        here = book.devices_at(place.pk)
        return _need(variant.devices_needed, variant.around_devices, here)

    return book.worked_out(key, work)


def _need(
    kinds: tuple[str, ...], around: tuple[int, int], here: Sequence[Resource]
) -> Need | None:
    if not kinds:
        return None
    ranked = sorted(here, key=lambda each: (len(each.kind_codes), each.pk))
    options = tuple(
        tuple(each for each in ranked if kind in each.kind_codes) for kind in kinds
    )
    return Need(kinds, *around, options)


def _assigned(
    options: Sequence[Sequence[Resource]],
    free: Callable[[int], bool],
    given: tuple[Resource, ...],
) -> tuple[Resource, ...] | None:
    """The first way to meet every kind with something of its own, if there is one."""
    if len(given) == len(options):
        return given
    used: Collection[int] = {each.pk for each in given}
    for each in options[len(given)]:
        if each.pk not in used and free(each.pk):
            found = _assigned(options, free, (*given, each))
            if found is not None:
                return found
    return None
