/** The sizes of the last build in KB gz. */
export function measureSizes(): Promise<{
  entry: number;
  css: number;
  routes: { name: string; size: number }[];
  whole: number;
}>;
