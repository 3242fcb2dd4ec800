"""A call of each operation of the stand-in for Apiframe."""

import aiohttp

from standins.apiframe.jobs import Pace
from standins.apiframe.server import ApiframeStandIn
from tests.images import image_bytes


async def tour(apiframe: ApiframeStandIn) -> None:
    """Call each operation at least once."""
    apiframe.pace = Pace(queued=0, drawing=0)
    headers = {"X-API-Key": apiframe.account.api_key}
    async with aiohttp.ClientSession(apiframe.base_url, headers=headers, raise_for_status=True) as session:
        form = aiohttp.FormData()
        form.add_field("file", image_bytes(), filename="boat.png", content_type="image/png")
        async with session.post("/v2/uploads", data=form) as uploaded:
            reference = (await uploaded.json())["url"]
        order = {"prompt": "a boat", "model": "flux-2-max", "fluxParams": {"input_images": [reference]}}
        async with session.post("/v2/images/generate", json=order) as accepted:
            job = apiframe.jobs[(await accepted.json())["jobId"]]
        await apiframe.until(lambda: job.finished)
        for path in (f"/v2/jobs/{job.id}", "/v2/jobs?include_models=true", "/v2/me", "/v2/models"):
            await session.get(path)
