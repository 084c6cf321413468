import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The page's content policy allows no inline data for scripts or styles' imports; small files stay files.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
});
