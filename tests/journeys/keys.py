"""Somebody without a mouse: only keys are pressed, and the focus must be seen."""

from playwright.sync_api import Locator, Page

_FOCUSED = "one => one === document.activeElement"
_SEEN = """one => {
  const shown = [one, one.parentElement, one.nextElementSibling].filter(Boolean);
  return shown.some(each => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  });
}"""
_MOST = 120


class Keys:
    """Presses keys on a page; nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def skip_to_content(self) -> None:
        """By the first link of every page."""
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")

    def reach(self, wanted: Locator) -> None:
        """Press Tab until it has the focus, which must be seen."""
        wanted.wait_for()
        element = wanted.element_handle()
        for _press in range(_MOST):
            if element.evaluate(_FOCUSED):
                assert element.evaluate(_SEEN), f"no mark shows that {wanted} has the focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no key leads to {wanted}")

    def press(self, wanted: Locator) -> None:
        """Reach a link or button and press Enter."""
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        """Reach a field and type in place of what stands there."""
        self.reach(wanted)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
