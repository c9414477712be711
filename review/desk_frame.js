"use strict";
// What every page of the server needs: the name, the language, light or dark, and how to send what a person does.
const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;SameSite=Strict`; };
const known = () => decodeURIComponent((document.cookie.match(/(?:^|; )gongkai_name=([^;]*)/) || ["", ""])[1]);

// POST with the token of our own page; no other page has it.
function send(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content },
    body: JSON.stringify(body),
  });
}
document.querySelector("[name=language]").addEventListener("click", (event) => {
  cookie("gongkai_language", event.currentTarget.textContent.trim() === "English" ? "en" : "zh");
  location.reload();
});
document.querySelector(".bar [name=theme]").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  cookie("gongkai_theme", root.dataset.theme);
});

// The name is asked once; what waits for it goes on when it is there.
const nameDialog = document.querySelector("#name");
let waiting = null;
function ask(then) {
  waiting = then || null;
  nameDialog.showModal();
  nameDialog.querySelector("input").select();
}
nameDialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = nameDialog.querySelector("input").value.trim().replace(/\s+/g, " ");
  if (!name) return;
  cookie("gongkai_name", name);
  document.querySelector("[name=who]").textContent = name;
  nameDialog.close();
  const then = waiting;
  waiting = null;
  if (then) then();
});
document.querySelector("[name=who]").addEventListener("click", () => ask());
