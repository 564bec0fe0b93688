#!/usr/bin/env bash
set -euo pipefail

IFS= read -r -d '' policy <<'POLICY' || true
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ExternalS3Policy",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:DeleteObject"
      ],
      "Resource": [
        "arn:aws:s3:::acme-logs",
        "arn:aws:s3:::acme-logs/*"
      ]
    }
  ]
}
POLICY
role='Logs'
aws iam put-role-policy --role-name "$role" --policy-name secondary-logs --policy-document "$policy"
