import { defineStore } from "pinia";
import { ref } from "vue";

/** Whether the command palette is open. */
export const usePalette = defineStore("palette", () => {
  const isOpen = ref(false);
  return {
    isOpen,
    show: () => {
      isOpen.value = true;
    },
    hide: () => {
      isOpen.value = false;
    },
  };
});
