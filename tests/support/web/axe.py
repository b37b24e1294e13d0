"""axe-core in a page: what it says is wrong there, at each width, light and dark."""

from collections.abc import Iterable
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: A window of each kind: a desk's, a phone's, and 1280 px at 400 %.
WIDTHS = {1280: 900, 390: 844, 320: 640}
#: A theme and the width of a window.
Look = tuple[Literal["light", "dark"], int]
LOOKS: tuple[Look, ...] = tuple(
    look for width in WIDTHS for look in (("light", width), ("dark", width))
)
#: What is Streamlit's own and takes no other form: rule, and the element it is about.
_NOT_OURS = {
    # the place to drop files on has a name and no part in the order of Tab: its button has
    "presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'
}
_RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
#: The page has taken its new size and colours, which it else does little by little.
_DRAWN = """() => {
    if (!document.adoptedStyleSheets.length) {
        const still = new CSSStyleSheet();
        still.replaceSync("* { transition: none !important; animation: none !important }");
        document.adoptedStyleSheets.push(still);
    }
    return new Promise(done => setTimeout(() => requestAnimationFrame(done), 150));
}"""


#: Streamlit draws its other palette by a script, some time after the system's has changed.
_HAS_PALETTE = """scheme => {
    const [red] = getComputedStyle(document.querySelector(".stApp")).color.match(/[0-9]+/g);
    return (scheme === "dark") === (Number(red) > 127);
}"""


def find_violations(page: Page, looks: Iterable[Look] = LOOKS) -> list[str]:
    """Rule, look and element of everything that axe finds; the window is as before in the end."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)  # not by a tag of the page, whose policy lets no script in
    page.mouse.move(0, 0)  # else what a tooltip says of it may stand there, outside of landmarks
    before, found = page.viewport_size, []
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        page.wait_for_function(_HAS_PALETTE, arg=scheme, timeout=20_000)
        page.evaluate(_DRAWN)
        for each in page.evaluate(_RUN):
            found += [
                f"{each['id']}, {scheme} at {width}: {node['html'][:300]} {node['any'][:1]}"
                for node in each["nodes"]
                if _NOT_OURS.get(each["id"], "\0") not in node["html"]
            ]
    assert before
    page.set_viewport_size(before)
    return found
