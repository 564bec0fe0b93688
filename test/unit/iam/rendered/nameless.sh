#!/usr/bin/env bash
set -euo pipefail

IFS= read -r -d '' policy <<'POLICY' || true
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListLogFolder",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::acme-logs",
      "Condition": {
        "StringLike": {
          "s3:prefix": "prod/*"
        }
      }
    },
    {
      "Sid": "WriteLogFolder",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject",
        "s3:DeleteObject"
      ],
      "Resource": "arn:aws:s3:::acme-logs/prod/*"
    }
  ]
}
POLICY
IFS= read -r -d '' trust <<'POLICY' || true
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:role/astro"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}
POLICY
role="${1:?Give the name of the role as the first argument}"
if aws iam get-role --role-name "$role" >/dev/null 2>&1; then
  aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust"
else
  aws iam create-role --role-name "$role" --assume-role-policy-document "$trust" >/dev/null
fi
aws iam put-role-policy --role-name "$role" --policy-name secondary-logs --policy-document "$policy"
