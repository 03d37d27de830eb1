import "./interpreted-schemas.ts";
import { createPinia } from "pinia";
import { createApp } from "vue";
import { openTab } from "./tab/tab.ts";
import App from "./ui/App.vue";
import { openPage } from "./ui/open-page.ts";
import "./ui/theme/tokens.css";

const pinia = createPinia();
void openPage(pinia, openTab);
createApp(App).use(pinia).mount("#app");
