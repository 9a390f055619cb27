// The OpenAPI document, rendered by Scalar: all that would ask another server, or show what is of no use here, is off.
"use strict";

// What checks its options would otherwise try whether eval is allowed, which it is not.
globalThis.__zod_globalConfig = { jitless: true };

const OPTIONS = {
  url: "/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: "",
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  hideClientButton: true,
  hideTestRequestButton: true, // it would send to the sandbox, but keep tokens in the browser
  hideDarkModeToggle: true, // the system says so
  documentDownloadType: "none", // it would be without the sandbox's own URL
};

const script = document.createElement("script");
script.src = "/_page/scalar.js";
script.addEventListener("load", () => globalThis.Scalar.createApiReference("#document", OPTIONS));
document.body.append(script);
