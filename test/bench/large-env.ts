import { EXPORT_KEYS } from '../../src/core/export-settings';

/** An env file of so many lines, as a large project has: variables of all kinds, comments, and the export amid them. */
export function largeEnv(lines: number): string {
  const all = Array.from({ length: lines }, (_, i) => {
    if (i % 10 === 0) return `# part ${i}`;
    if (i % 7 === 0) return `AIRFLOW__SECTION_${i % 90}__SETTING_${i}="value ${i}"`;
    if (i % 50 === 1) return '';
    return `SERVICE_${i}_URL=https://example.com/path/${i}?page=${i % 13}`;
  });
  const middle = Math.floor(lines / 2);
  all[middle] = `${EXPORT_KEYS.enabled}=true`;
  all[middle + 1] = `${EXPORT_KEYS.baseLogFolder}=s3://my-bucket/logs`;
  all[middle + 2] = `${EXPORT_KEYS.region}="us-east-1"`;
  return `${all.join('\n')}\n`;
}

/** The same without the export, and without anything like it. */
export function largePlainEnv(lines: number): string {
  return largeEnv(lines).replaceAll('AIRFLOW__ASTRO_SECONDARY_LOGS__', 'APP_');
}
