// A passkey is made or given by the browser, and its answer sent with the form that asks for it.
const NOT_HERE = "Your browser cannot use passkeys here.";
const NOT_DONE = "Nothing was given. Press the button to try again.";

const ways = {
  create: (asks) => navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asks.publicKey),
  }),
  get: (asks) => navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asks.publicKey),
  }),
};

export function startPasskey(button) {
  const form = document.querySelector("form[data-passkey-asks]");
  const said = document.querySelector("[data-passkey-said]");
  button.addEventListener("click", async () => {
    said.textContent = "";
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
      said.textContent = NOT_HERE;
      return;
    }
    try {
      const given = await ways[button.dataset.passkey](JSON.parse(form.dataset.passkeyAsks));
      form.elements.credential.value = JSON.stringify(given.toJSON());
      form.requestSubmit();
    } catch {
      said.textContent = NOT_DONE;
    }
  });
}
