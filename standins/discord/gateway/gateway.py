"""Discord's gateway, v10 in JSON: hello, identify, heartbeats, resume, and the ways in which a connection ends."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from standins.discord.events import Event
from standins.discord.faults import Rewrite
from standins.discord.gateway.compression import TRANSPORTS, Encode, as_text, payload_compression
from standins.discord.gateway.identifies import Identifies
from standins.discord.gateway.sessions import ALWAYS_TOLD, PRIVILEGED, Intent, Session
from standins.discord.model.guild_payloads import guild_create
from standins.discord.model.guilds import Guild
from standins.discord.model.snowflake import shard_of
from standins.discord.model.world import World
from standins.discord.payload import Payload


class Op(IntEnum):
    """A frame's opcode, with Discord's numbers; 0 is an event."""

    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    ACK = 11
    SOUNDBOARD_SOUNDS = 31


FROM_CLIENTS = {
    *(Op.HEARTBEAT, Op.IDENTIFY, Op.PRESENCE, Op.VOICE_STATE, Op.RESUME, Op.MEMBERS, Op.SOUNDBOARD_SOUNDS),
}
UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, BAD_TOKEN, ALREADY_AUTHENTICATED = 4001, 4002, 4003, 4004, 4005
INVALID_SHARD, SHARDING_REQUIRED, INVALID_VERSION, INVALID_INTENTS, DISALLOWED_INTENTS = 4010, 4011, 4012, 4013, 4014
LARGEST_FRAME_BYTES = 4096
VERSIONS = {"9", "10"}
KNOWN_INTENTS = (1 << 17) - 1 | 0b11 << 20 | 0b11 << 24  # up to scheduled events, then AutoMod, then polls
ROUND_TRIP_SECONDS = 0.02  # discord.py takes an answer that is faster than any network's for one that is 41 s late
FLAGS_OF_INTENTS = {Intent.GUILD_PRESENCES: 1 << 13, Intent.GUILD_MEMBERS: 1 << 15, Intent.MESSAGE_CONTENT: 1 << 19}


class Connection:
    """One websocket, with its frames in order; a silent one neither receives nor sends, like a dead network."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, encode: Encode) -> None:
        self.socket = socket
        self.encode = encode
        self.session: Session | None = None
        self.silent = False
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()

    def put(self, frame: str) -> None:
        """Send a text frame after those before it."""
        if not self.silent:
            self._frames.put_nowait(frame)

    def put_op(self, op: Op, body: object = None) -> None:
        """Send a frame that is not an event."""
        self.put(json.dumps({"op": op, "d": body, "s": None, "t": None}))

    async def send_frames(self) -> None:
        """Put frames on the wire until the connection is gone."""
        with suppress(ConnectionError):
            while True:
                frame = await self._frames.get()  # before `encode` is looked up, which an identify may change
                wired = self.encode(frame)
                await (self.socket.send_str(wired) if isinstance(wired, str) else self.socket.send_bytes(wired))

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Gateway:
    """Accepts bots, sends them the events of their intents, and disconnects when a test requests it."""

    def __init__(self, world: World, token: str, *, allowed: Intent) -> None:
        self._world = world
        self._token = token
        self._allowed = allowed
        self.address = ""
        self.shards_advised = self.shards_required = 1
        self.introduces_guilds = True
        self.heartbeat_seconds = 41.25
        self.identifies = Identifies(world.clock)
        self.connections: list[Connection] = []
        self.sessions: dict[str, Session] = {}
        self.received: Counter[int] = Counter()
        self.rewrites: dict[str, Rewrite] = {}  # by the name of the event, as a later Discord may tell it
        self._told_twice: set[str] = set()

    @property
    def connected(self) -> list[Session]:
        """Return the sessions whose bot is there."""
        return [session for session in self.sessions.values() if session.wire is not None]

    def hear(self, event: Event) -> None:
        """Tell every session of an event in the world."""
        guild = self._world.guilds.get(event.guild_id or 0)
        uninvited = guild is not None and not guild.has_bot
        if not event.for_bots or (uninvited and event.name not in ALWAYS_TOLD):
            return
        for session in list(self.sessions.values()):
            for _ in range(2 if event.name in self._told_twice else 1):
                session.hear(event)

    @contextmanager
    def telling_twice(self, name: str) -> Iterator[None]:
        """Tell each event of a name twice while the block runs: Discord promises that each comes at least once."""
        self._told_twice.add(name)
        try:
            yield
        finally:
            self._told_twice.discard(name)

    def ask_to_reconnect(self) -> None:
        """Send everybody op 7: connect again and resume."""
        for connection in self.connections:
            connection.put_op(Op.RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send everybody op 9; unless resumable, their sessions are forgotten."""
        for connection in self.connections:
            if not resumable and connection.session is not None:
                self.sessions.pop(connection.session.id, None)
            connection.put_op(Op.INVALID_SESSION, resumable)

    def drop(self) -> None:
        """Cut every connection without a word; sessions can be resumed."""
        for connection in list(self.connections):
            connection.drop()

    def fall_silent(self) -> None:
        """Neither answer nor tell anything on the connections that there are, and do not close them: zombies."""
        for connection in self.connections:
            connection.silent = True

    async def close(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Close every connection with a code."""
        for connection in list(self.connections):
            await connection.socket.close(code=code)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection from hello to its end."""
        transport, encoding = TRANSPORTS.get(request.query.get("compress")), request.query.get("encoding", "json")
        if transport is None or encoding != "json":
            known = ", ".join(filter(None, TRANSPORTS))
            return _not_imitated(f"Only encoding=json is imitated here, plain or with compress={known}.")
        socket = web.WebSocketResponse(max_msg_size=0, compress=False, timeout=0.5)
        await socket.prepare(request)
        if request.query.get("v", "10") not in VERSIONS:
            await socket.close(code=INVALID_VERSION)
            return socket
        connection = Connection(socket, request, transport())
        self.connections.append(connection)
        connection.put_op(Op.HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        sending = asyncio.create_task(connection.send_frames())
        try:
            await self._listen(connection)
        finally:
            sending.cancel()
            self._forget(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            code = self._obey(connection, frame.data)
            if code is not None:
                await connection.socket.close(code=code)
                return

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        if connection.session is not None and connection.session.wire is connection:
            connection.session.wire = None
        self._world.news.ring()

    def _obey(self, connection: Connection, frame: str | bytes) -> int | None:
        try:
            op, body = _read(frame)
        except (ValueError, KeyError, TypeError):
            return DECODE_ERROR
        if op not in FROM_CLIENTS:
            return UNKNOWN_OPCODE
        if connection.silent:
            return None
        self.received[op] += 1
        match op:
            case Op.HEARTBEAT:
                asyncio.get_running_loop().call_later(ROUND_TRIP_SECONDS, connection.put_op, Op.ACK)
                return None
            case Op.IDENTIFY | Op.RESUME if not isinstance(body, dict):
                return DECODE_ERROR
            case Op.IDENTIFY:
                return self._identify(connection, body)
            case Op.RESUME:
                return self._resume(connection, body)
            case _ if connection.session is None:
                return NOT_AUTHENTICATED
            case Op.MEMBERS:
                self._tell_members(connection.session, body)
        return None

    def _identify(self, connection: Connection, body: Payload) -> int | None:
        if connection.session is not None:
            return ALREADY_AUTHENTICATED
        if str(body.get("token", "")).removeprefix("Bot ") != self._token:
            return BAD_TOKEN
        shard, shards = body.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            return INVALID_SHARD
        if shards < self.shards_required:
            return SHARDING_REQUIRED
        if not isinstance(body.get("properties"), dict):
            return DECODE_ERROR
        asked = body.get("intents")
        if not isinstance(asked, int) or asked & ~KNOWN_INTENTS:
            return INVALID_INTENTS
        intents = Intent(asked & int(sum(Intent)))
        if intents & PRIVILEGED & ~self._allowed:
            return DISALLOWED_INTENTS
        if not self.identifies.take():
            return BAD_TOKEN  # Discord has reset it
        if body.get("compress") and connection.encode is as_text:
            connection.encode = payload_compression
        self._forget_sessions_of(shard, shards)
        session = Session(shard, shards, intents, self._world, connection, self.rewrites)
        self.sessions[session.id] = connection.session = session
        self._greet(session)
        self._world.news.ring()
        return None

    def _forget_sessions_of(self, shard: int, shards: int) -> None:
        gone = [
            one.id for one in self.sessions.values() if one.wire is None and (one.shard, one.shards) == (shard, shards)
        ]
        for session_id in gone:
            del self.sessions[session_id]

    def _greet(self, session: Session) -> None:
        guilds = self._guilds_of(session)
        ready = {
            "v": 10,
            "user": self._world.bot.payload() | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "shard": [session.shard, session.shards],
            "application": {"id": str(self._world.application_id), "flags": self.application_flags},
            "private_channels": [],
            "relationships": [],
            "user_settings": {},
        }
        session.tell("READY", ready)
        if self.introduces_guilds:
            self._introduce_guilds_to(session)

    def _guilds_of(self, session: Session) -> list[Guild]:
        guilds = [guild for guild in self._world.guilds.values() if shard_of(guild.id, session.shards) == session.shard]
        return [guild for guild in guilds if guild.has_bot]

    def _introduce_guilds_to(self, session: Session) -> None:
        for guild in self._guilds_of(session):
            if session.intents & Intent.GUILDS:
                session.tell("GUILD_CREATE", guild_create(guild))

    def introduce_guilds(self) -> None:
        """Tell everybody of their servers now; large bots wait for up to a minute for this after READY.

        Until then, with `introduces_guilds` false, they know no more than that the servers exist.
        """
        self.introduces_guilds = True
        for session in self.connected:
            self._introduce_guilds_to(session)

    @property
    def application_flags(self) -> int:
        """Return the application's public flags: which privileged intents it was granted."""
        return sum(flag for intent, flag in FLAGS_OF_INTENTS.items() if intent & self._allowed)

    def _resume(self, connection: Connection, body: Payload) -> int | None:
        if str(body.get("token", "")).removeprefix("Bot ") != self._token:
            return BAD_TOKEN
        session = self.sessions.get(str(body.get("session_id")))
        if session is None or int(body.get("seq") or 0) > session.sequence:
            connection.put_op(Op.INVALID_SESSION, False)
            return None
        session.wire = connection
        connection.session = session
        session.replay(int(body.get("seq") or 0))
        session.tell("RESUMED", {"_trace": []})
        self._world.news.ring()
        return None

    def _tell_members(self, session: Session, body: Payload) -> None:
        guild = self._world.guilds[int(body["guild_id"])]
        wanted = {int(one) for one in body.get("user_ids") or ()}
        query = str(body.get("query") or "").lower()
        found = [
            member
            for member in guild.members.values()
            if (member.id in wanted if wanted else member.name.lower().startswith(query))
        ]
        chunk: Payload = {
            "guild_id": str(guild.id),
            "members": [member.payload() for member in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(one) for one in wanted - {member.id for member in found}],
        }
        session.tell("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": body["nonce"]} if "nonce" in body else {}))


def _read(frame: str | bytes) -> tuple[int, Any]:
    """Return a frame's opcode and body; ValueError, KeyError or TypeError if it has none, or is too large."""
    if len(frame.encode() if isinstance(frame, str) else frame) > LARGEST_FRAME_BYTES:
        raise ValueError
    parsed = json.loads(frame)
    return int(parsed["op"]), parsed.get("d")


def _not_imitated(words: str) -> web.Response:
    return web.json_response({"message": words, "code": 0}, status=501)
