/** The file below the project's `dags` folder, and the DAG's and task's ids in the keys of its logs. */
export const PROBE_DAG = {
  file: 'astro_log_export_probe.py',
  dagId: 'astro_log_export_probe',
  taskId: 'probe',
} as const;

/**
 * A DAG for Airflow 2 and 3 that runs once, by itself, where it is deployed, and logs one JSON line: the token, what
 * Airflow reads for the export's variables, the logging package's version, who the Deployment is, and what S3 answers
 * it. The line is what `ProbeLine` describes. It needs boto3 only for the last two, and never fails for want of it.
 */
export function probeDag(token: string): string {
  if (!/^[\w-]{8,64}$/.test(token)) throw new RangeError('a token is 8 to 64 letters, digits and hyphens');
  return SOURCE.replace('@TOKEN@', token);
}

/** The token of a probe DAG's file; undefined for a file that is none. */
export function tokenOf(source: string): string | undefined {
  if (!source.includes(`dag_id="${PROBE_DAG.dagId}"`)) return undefined;
  return /^TOKEN = "([\w-]{8,64})"/m.exec(source)?.[1];
}

const SOURCE = `"""Shows whether the task logs of this Deployment reach the S3 bucket, and if not, why.

Runs once when it is deployed and logs one line of JSON. Written by Airflow Log Export for Astro (S3), which looks for
the token in the bucket. Delete this file when it has told what you wanted to know: it is not part of your pipelines.
"""

import json
import logging
import re
from datetime import datetime, timezone

try:  # Airflow 3
    from airflow.sdk import DAG, task
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.decorators import task

TOKEN = "@TOKEN@"
SECTION = "astro_secondary_logs"
KEYS = ("S3_BUCKET_ENABLED", "S3_BASE_LOG_FOLDER", "ROLE_ARN", "REGION")

log = logging.getLogger("astro_log_export.probe")


def airflow_version():
    try:
        from importlib.metadata import version

        return version("apache-airflow")
    except Exception as error:
        return type(error).__name__


def read_settings():
    from airflow.configuration import conf

    settings = {}
    for key in KEYS:
        try:
            settings[key] = conf.get(SECTION, key.lower(), fallback=None)
        except Exception:
            settings[key] = None
    return settings


def package_version():
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("astronomer-providers-logging")
    except PackageNotFoundError:
        return None


def failed(error):
    """What one step came to, from an error of botocore's or any other."""
    response = getattr(error, "response", None) or {}
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    code = response.get("Error", {}).get("Code") or type(error).__name__
    return {"ok": False, "status": status, "code": str(code), "message": str(error)[:1000]}


def attempt(step):
    """The answer of a step, and what came of it."""
    try:
        answer = step()
    except Exception as error:
        return None, failed(error)
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return answer, {"ok": True, "status": status, "code": None, "message": None}


def ask_aws(settings):
    """Does as the Deployment what the export does: assumes the role, looks for a missing log, writes one, reads it."""
    line = {"identity": None, "role": None, "head": None, "put": None, "get": None}
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        return line
    options = {"config": Config(connect_timeout=10, read_timeout=20, retries={"max_attempts": 2})}
    if settings["REGION"]:
        options["region_name"] = settings["REGION"]
    answer, outcome = attempt(lambda: boto3.client("sts", **options).get_caller_identity())
    line["identity"] = answer["Arn"] if answer else outcome
    credentials = {}
    if settings["ROLE_ARN"]:
        name = "astro-log-export-probe"
        answer, outcome = attempt(
            lambda: boto3.client("sts", **options).assume_role(RoleArn=settings["ROLE_ARN"], RoleSessionName=name)
        )
        if not answer:
            line["role"] = outcome
            return line
        keys = answer["Credentials"]
        line["role"] = answer["AssumedRoleUser"]["Arn"]
        credentials = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }
    folder = re.match(r"s3://([^/]+)/?(.*)", settings["S3_BASE_LOG_FOLDER"] or "")
    if not folder:
        return line
    bucket = folder.group(1)
    prefix = folder.group(2).strip("/")
    key = f"{prefix}/.astro-log-export/{TOKEN}" if prefix else f".astro-log-export/{TOKEN}"
    try:
        s3 = boto3.client("s3", **options, **credentials)
    except Exception as error:
        line["head"] = failed(error)
        return line
    _, line["head"] = attempt(lambda: s3.head_object(Bucket=bucket, Key=f"{key}.absent"))
    if line["head"]["status"] == 404 and line["head"]["code"] == "404":
        line["head"]["ok"] = True
    answer, line["put"] = attempt(lambda: s3.put_object(Bucket=bucket, Key=key, Body=TOKEN.encode()))
    if answer:
        _, line["get"] = attempt(lambda: s3.get_object(Bucket=bucket, Key=key))
        attempt(lambda: s3.delete_object(Bucket=bucket, Key=key))
    return line


with DAG(
    dag_id="astro_log_export_probe",
    description="Shows whether task logs reach the S3 bucket. Delete it when it has.",
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    schedule="@once",
    catchup=False,
    is_paused_upon_creation=False,
    tags=["astro-log-export"],
):

    @task(retries=0)
    def probe():
        settings = read_settings()
        line = {
            "astro_log_export_probe": 1,
            "token": TOKEN,
            "airflow": airflow_version(),
            "settings": settings,
            "package": package_version(),
        }
        line.update(ask_aws(settings))
        log.info(json.dumps(line))

    probe()
`;
