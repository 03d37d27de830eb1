import "./interpreted-schemas.ts";
import { createPinia } from "pinia";
import { createApp } from "vue";
import { openTab } from "./tab/tab.ts";
import App from "./ui/App.vue";
import { openPage } from "./ui/open-page.ts";
import "./ui/theme/tokens.css";

const pinia = createPinia();
void openPage(pinia, openTab);
// A task of its own: what has just begun to load is asked for meanwhile, and a click waits for less.
setTimeout(() => createApp(App).use(pinia).mount("#app"), 0);
