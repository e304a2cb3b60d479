// The mark and the typeface (Atkinson Hyperlegible Next, SIL Open Font Licence), served from our own address.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = dirname(fileURLToPath(import.meta.url));
const home = dirname(source);
const typeface = join(home, "node_modules/@fontsource-variable/atkinson-hyperlegible-next");

mkdirSync(join(home, "dist/fonts"), { recursive: true });
for (const letters of ["latin", "latin-ext"]) {
  const name = `atkinson-hyperlegible-next-${letters}-wght-normal.woff2`;
  copyFileSync(join(typeface, "files", name), join(home, "dist/fonts", `hyperlegible-${letters}.woff2`));
}
copyFileSync(join(typeface, "LICENSE"), join(home, "dist/fonts/LICENSE.txt"));
mkdirSync(join(home, "dist/images"), { recursive: true });
const styles = readFileSync(join(home, "dist/earlyhelp.css"), "utf8");
for (const [, icon] of styles.matchAll(/url\("?images\/([\w-]+\.svg)"?\)/g)) {
  copyFileSync(join(home, "node_modules/@ministryofjustice/frontend/moj/assets/images", icon), join(home, "dist/images", icon));
}
copyFileSync(join(source, "mark.svg"), join(home, "dist/mark.svg"));
