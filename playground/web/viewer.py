"""A visitor's user and channel. Every address of the page contains both."""

from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from playground.demo_server import DIRECT, Resident, Town
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.users import User
from standins.discord.model.world import World

PREFIX = "/as/{person}/in/{place}"


@dataclass(frozen=True, slots=True)
class Seat:
    """A resident in one of the places that they see."""

    resident: Resident
    place: str
    channel: Channel
    world: World

    @property
    def person(self) -> Person:
        """Return who acts."""
        return self.resident.person

    @property
    def user(self) -> User:
        """Return the account of the current user."""
        return self.resident.person.user

    @property
    def path(self) -> str:
        """Return the page's address for this user and channel. Actions have addresses below it."""
        return path_of(self.resident.slug, self.place)


class Seats:
    """Finds the seat that an address means."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def of(self, request: web.Request) -> Seat:
        """Return the seat in the address of a request; 404 for people and places that are not there."""
        resident = self.town.residents.get(request.match_info["person"])
        if resident is None:
            raise web.HTTPNotFound(text="There is nobody of that name.")
        place = request.match_info["place"]
        channel = self.town.places_of(resident).get(place)
        if channel is None:
            raise web.HTTPNotFound(text=f"{resident.name} sees no such channel.")
        return Seat(resident, place, channel, self.town.world)

    def first_of(self, resident: Resident) -> str:
        """Return the path of the page that somebody sees first."""
        return path_of(resident.slug, next(iter(self.town.places_of(resident))))

    def path(self, resident: Resident, place: str) -> str:
        """Return the path of somebody's page of a place."""
        return path_of(resident.slug, place)

    def switched(self, seat: Seat, resident: Resident) -> str:
        """Return the path for being somebody else: in the same place, if they see it and it is not another's."""
        stays = seat.place != DIRECT and seat.place in self.town.places_of(resident)
        return path_of(resident.slug, seat.place) if stays else self.first_of(resident)


def message_in(seat: Seat, request: web.Request) -> Message:
    """Return the message that an address means; 404 unless the person at this seat sees it now."""
    wanted = request.match_info["message"]
    for message in seat.channel.messages_for(seat.user):
        if str(message.id) == wanted:
            return message
    raise web.HTTPNotFound(text="That message is gone.")


def path_of(person: str, place: str) -> str:
    """Return the path of somebody's page of a place."""
    return f"/as/{quote(person)}/in/{quote(place)}"
