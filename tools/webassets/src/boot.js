// Runs before the page is drawn: says that scripts run, so that what only scripts can do may show.
document.documentElement.classList.add("js");
