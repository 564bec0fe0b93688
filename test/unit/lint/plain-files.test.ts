import { describe, expect, it } from 'vitest';
import { lintWholeEnv } from './lint-whole-env';

/** Env files of other software, as they are found in repositories: nothing in them is ours to judge. */
const FILES: Readonly<Record<string, string>> = {
  'astro project, empty': '',
  'astro project':
    'AIRFLOW__CORE__LOAD_EXAMPLES=False\nAIRFLOW_VAR_ENVIRONMENT=dev\nAIRFLOW_CONN_SNOWFLAKE_DEFAULT=snowflake://u:p@h\n',
  'airflow remote logging':
    'AIRFLOW__LOGGING__REMOTE_LOGGING=True\nAIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER=s3://My_Bucket/logs\nAIRFLOW__LOGGING__REMOTE_LOG_CONN_ID=aws_default\nAWS_ACCESS_KEY_ID=x\n',
  'airflow docker compose':
    'AIRFLOW_UID=50000\nAIRFLOW_GID=0\n_AIRFLOW_WWW_USER_USERNAME=airflow\n_PIP_ADDITIONAL_REQUIREMENTS=\n',
  'airflow old sections':
    'AIRFLOW__CORE__REMOTE_LOGGING=True\nAIRFLOW__CORE__REMOTE_BASE_LOG_FOLDER=s3://b/logs\nAIRFLOW__CORE__S3_LOG_FOLDER=s3://b\n',
  'airflow secrets backend':
    'AIRFLOW__SECRETS__BACKEND=airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend\nAIRFLOW__SECRETS__BACKEND_KWARGS={"region_name": "us_east_1"}\n',
  'astro sdk': 'AIRFLOW__ASTRO_SDK__XCOM_STORAGE_CONN_ID=aws\nAIRFLOW__ASTRO_SDK__XCOM_STORAGE_URL=s3a://x\n',
  'astro cloudwatch export':
    'ASTRO_CLOUDWATCH_TASK_LOGS_ENABLED=yes\nASTRO_CLOUDWATCH_ROLE_ARN=bad\nASTRO_CLOUDWATCH_AWS_REGION=us_east_1\n',
  'astro datadog export': 'DATADOG_API_KEY=x\nASTRO_DATADOG_TASK_LOGS_ENABLED=True\nDATADOG_SITE=datadoghq.eu\n',
  'astro the web framework':
    'ASTRO_DB_REMOTE_URL=libsql://x\nASTRO_TELEMETRY_DISABLED=1\nPUBLIC_ASTRO_LOGS_REGION=us-east-1\n',
  laravel:
    'APP_NAME=Laravel\nAPP_KEY=\nLOG_CHANNEL=stack\nLOG_LEVEL=debug\nAWS_ACCESS_KEY_ID=\nAWS_DEFAULT_REGION=us-east-1\nAWS_BUCKET=\nAWS_USE_PATH_STYLE_ENDPOINT=false\n',
  rails:
    'RAILS_LOG_TO_STDOUT=enabled\nSECRET_KEY_BASE="a b"\nDATABASE_URL=postgres://u:p@h/db\nS3_BUCKET_ENABLED=yes\n',
  django: "DJANGO_SECRET_KEY='x#y$z'\nDJANGO_DEBUG=on\nDJANGO_ALLOWED_HOSTS=.example.com, localhost\n",
  'next.js': 'NEXT_PUBLIC_API_URL=https://example.com\n# secret\nNEXTAUTH_SECRET=\n',
  vite: 'VITE_TITLE=“Hello”\nVITE_HYPHEN=a\u2011b\n',
  'create react app': 'REACT_APP_VERSION=$npm_package_version\nSKIP_PREFLIGHT_CHECK=true\n',
  'docker compose':
    'COMPOSE_PROJECT_NAME=x\nCOMPOSE_FILE=docker-compose.yml:docker-compose.dev.yml\nPOSTGRES_PASSWORD=p#w\n',
  minio: 'MINIO_ROOT_USER=admin\nMINIO_ROOT_PASSWORD=password\nMINIO_VOLUMES="/data"\nMINIO_SITE_REGION=somewhere\n',
  'fluent bit':
    'S3_BUCKET_NAME=My_Bucket\nS3_REGION=us_east_1\nS3_BASE_LOG_FOLDER=logs\nROLE_ARN=arn:aws:iam::1:user/x\n',
  loki: 'LOKI_S3_BUCKET=loki\nLOKI_LOGS_REGION=eu\nLOG_SECONDARY_FOLDER=/var/log\n',
  vector: 'VECTOR_LOG=debug\nSECONDARY_LOGS_S3_BUCKET_ENABLED=yes\nSECONDARY_LOGS__REGION=x\n',
  supabase: 'ANON_KEY=eyJhbGciOiJIUzI1NiJ9.e30.x\nLOGFLARE_API_KEY=k\nENABLE_EMAIL_SIGNUP=true\n',
  sentry: 'SENTRY_EVENT_RETENTION_DAYS=90\nSENTRY_BIND=9000\nSENTRY_IMAGE=getsentry/sentry:nightly\n',
  dbt: 'DBT_PROFILES_DIR=.\nSNOWFLAKE_ACCOUNT=ab12345.eu-west-1\nSNOWFLAKE_ROLE=TRANSFORMER\n',
  spark: 'SPARK_LOCAL_IP=127.0.0.1\nSPARK_HISTORY_OPTS=-Dspark.history.fs.logDirectory=s3a://logs/x\n',
  terraform: 'TF_VAR_region=us_east_1\nTF_LOG=DEBUG\nTF_VAR_airflow__astro_secondary_logs__region=x\n',
  'github actions': 'CI=true\nGITHUB_TOKEN=<from secrets>\n',
  'a private key': 'KEY="-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----"\nNEXT=1\n',
  'json values': 'CONFIG={"a": "b", "log": true}\nFIREBASE=\'{"type": "service_account"}\'\n',
  windows: '\ufeffPATH_TO=C:\\temp\\logs\r\nset FOO=bar\r\n; comment\r\n[section]\r\n',
  'yaml by mistake': 'version: "3"\nservices:\n  web:\n    environment:\n      - LOG_LEVEL=debug\n',
  'a shell script': '#!/bin/sh\nset -a\nexport LOG_DIR=/var/log\nif [ "$X" = 1 ]; then\n  echo astro\nfi\n',
  'merge conflict': '<<<<<<< HEAD\nLOG=1\n=======\nLOG=2\n>>>>>>> astro/secondary-logs\n',
  prose: 'Dear team,\nplease set the secondary logs of astro = soon.\nRegards\n',
  'our page, quoted in a comment':
    '# AIRFLOW__ASTRO_SECONDARY_LOGS__S3_BUCKET_ENABLED=yes\n  #AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us_east_1\nX=1\n',
  'our name in a value':
    'DOCS=AIRFLOW__ASTRO_SECONDARY_LOGS__REGION\nX="AIRFLOW__ASTRO_SECONDARY_LOGS__REGION=us_east_1"\n',
  'an Airflow variable of that name': 'AIRFLOW_VAR_SECONDARY_LOGS_REGION=us_east_1\nAIRFLOW_CONN_ASTRO_LOGS=aws://\n',
  'the export to Google':
    'AIRFLOW__ASTRO_SECONDARY_LOGS__GCS_BUCKET_ENABLED=yes\nAIRFLOW__ASTRO_SECONDARY_LOGS__GCS_BASE_LOG_FOLDER=gs://x\n',
  'a certificate chain':
    'TLS_CERT="-----BEGIN CERTIFICATE-----\nMIIB+/==\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"\nTLS_KEY=/etc/x.key\n',
  'a key without quotes':
    'SSH_KEY=-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n',
  'json on many lines':
    'GOOGLE_CREDENTIALS=\'{\n  "type": "service_account",\n  "log_region": "us_east_1"\n}\'\nAIRFLOW__CORE__EXECUTOR=LocalExecutor\n',
  'json in double quotes': 'CONFIG="{"s3_bucket_enabled": "yes"}"\nOTHER="{\\"a\\": 1}"\n',
  'an open quote': 'A="x\nB=\'y\nexport C = 1 # c\n; d\n// e\n',
  'what list --save writes': '\nAIRFLOW_CONN_DB= # secret\nAIRFLOW_VAR_X=1\n\nAIRFLOW_CONN_DB= # secret\n',
  'a docker compose file':
    'services:\n  airflow:\n    env_file: .env\n    environment:\n      AIRFLOW__CORE__EXECUTOR: LocalExecutor\n',
  'a bash profile':
    'export PATH="$HOME/bin:$PATH"\nalias ll="ls -l"\nfor f in ~/.env.d/*; do . "$f"; done\n[ -f x ] && source x\nexport AIRFLOW_HOME=~/airflow\n',
  'a fish config': 'set -gx AIRFLOW_HOME ~/airflow\nset -gx LOG_REGION us-east-1\n',
  'a PowerShell profile': '$env:AIRFLOW_HOME = "C:\\airflow"\n[Environment]::SetEnvironmentVariable("LOGS", "x")\n',
  'an ini file': '[logging]\nremote_logging = True\nremote_base_log_folder = s3://b/logs\n; comment\n',
  'systemd units': 'EnvironmentFile=-/etc/default/airflow\nExecStart=/usr/bin/airflow webserver\n',
  'a heredoc': "cat <<'EOF' > x\nLOG_REGION=us-east-1\nEOF\n",
  'a line of a megabyte': `BLOB=${'QUJD'.repeat(250_000)}\nexport LOGS_REGION=1\n`,
  'lone CRs': 'A=1\rB="2\r"C=3\r',
  'duplicate everything': 'LOGS_REGION=1\nLOGS_REGION=2\nSECONDARY=1\nSECONDARY=1\n',
  references: 'A=$B\nB=\x24{A}\nC=\x24{D:?missing}\nE=a\x24{b\nS3_BASE_LOG_FOLDER=s3://$A/\x24{B:-logs}\n',
  numbers: '1\n2=3\n4# 5\n\0\0\0\n',
};

describe('files of other software', () => {
  it('are many', () => {
    expect(Object.keys(FILES).length).toBeGreaterThanOrEqual(50);
  });

  it.each(Object.entries(FILES))('%s', (_name, text) => {
    expect(lintWholeEnv(text)).toEqual([]);
    expect(lintWholeEnv(text.replaceAll('\n', '\r\n'))).toEqual([]);
  });
});
