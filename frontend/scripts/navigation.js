/** Groups of the navigation stay as the person left them: a cookie that the server reads. */
const COOKIE = "vang_nav";
const YEAR_S = 365 * 24 * 3600;

function kept() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return new Set((found?.slice(COOKIE.length + 1) ?? "").split(".").filter(Boolean));
}

function remember(event) {
  const group = event.target.closest(".nav-group > summary")?.parentElement;
  if (!group) return;
  const name = group.dataset.nav;
  const opens = !group.open; // the click comes before the change
  const choices = kept();
  choices.delete(`+${name}`);
  choices.delete(`-${name}`);
  choices.add(`${opens ? "+" : "-"}${name}`);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${[...choices].join(".")}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

/** The drawer over the dock closes when something beside it is touched. */
function closeDrawer(event) {
  const drawer = document.querySelector("details.dock-more[open]");
  if (drawer && !drawer.contains(event.target)) drawer.open = false;
}

function escape(event) {
  const drawer = document.querySelector("details.dock-more[open]");
  if (event.key !== "Escape" || !drawer) return;
  drawer.open = false;
  drawer.querySelector("summary").focus();
}

document.addEventListener("click", remember);
document.addEventListener("click", closeDrawer);
document.addEventListener("keydown", escape);
