// usage: barbapapazes.mjs ORIGIN DOMAIN - @barbapapazes/plausible-tracker on a page of DOMAIN
import { pathToFileURL } from "node:url";
import { answers, open, packages } from "./browser.mjs";

const [apiHost, domain] = process.argv.slice(2);
open(`https://www.${domain}/blog/post?utm_source=nl#top`);
const { createPlausibleTracker } = await import(pathToFileURL(packages.resolve("@barbapapazes/plausible-tracker")));
const { trackPageview, trackEvent } = createPlausibleTracker({ domain, apiHost });

await trackPageview();
await trackEvent("Purchase", { props: { sku: "A1" }, revenue: { currency: "EUR", amount: 12.5 } });
console.log(JSON.stringify(answers));
process.exit(0);
