// An assembly source imported as text: esbuild's text loader in the bundles, test/support/text-modules.cjs in the tests.
declare module '*.S' {
  const text: string;
  export default text;
}
