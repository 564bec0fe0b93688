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
role='Other'
aws iam put-role-policy --role-name "$role" --policy-name secondary-logs --policy-document "$policy"
bucket='acme-logs'
region='us-east-1'
if ! aws s3api head-bucket --bucket "$bucket" --region "$region" >/dev/null 2>&1; then
  aws s3api create-bucket --bucket "$bucket" --region "$region" >/dev/null
fi
aws s3api put-public-access-block --bucket "$bucket" --region "$region" --public-access-block-configuration '{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}'
aws s3api put-bucket-ownership-controls --bucket "$bucket" --region "$region" --ownership-controls '{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}'
aws s3api put-bucket-encryption --bucket "$bucket" --region "$region" --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'
aws s3api put-bucket-lifecycle-configuration --bucket "$bucket" --region "$region" --lifecycle-configuration '{"Rules":[{"ID":"secondary-logs","Status":"Enabled","Filter":{"Prefix":""},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}'
