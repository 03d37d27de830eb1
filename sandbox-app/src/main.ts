import { createPinia } from "pinia";
import { createApp } from "vue";
import * as z from "zod";
import { openTab } from "./tab/tab.ts";
import App from "./ui/App.vue";
import { openPage } from "./ui/open-page.ts";
import "./ui/theme/tokens.css";

// The page's Content-Security-Policy forbids compiled parsers.
z.config({ jitless: true });

const pinia = createPinia();
void openPage(pinia, openTab);
createApp(App).use(pinia).mount("#app");
