#!/usr/bin/env bash
# The key is in another account: its own policy needs this statement too.
# {
#   "Sid": "SecondaryLogs",
#   "Effect": "Allow",
#   "Principal": {
#     "AWS": "arn:aws:iam::123456789012:role/team/Logs"
#   },
#   "Action": [
#     "kms:GenerateDataKey",
#     "kms:Decrypt"
#   ],
#   "Resource": "*"
# }
set -euo pipefail

account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != '999988887777' ]; then
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
    },
    {
      "Sid": "LogBucketKey",
      "Effect": "Allow",
      "Action": [
        "kms:GenerateDataKey",
        "kms:Decrypt"
      ],
      "Resource": "arn:aws:kms:eu-west-1:999988887777:key/abc"
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
      "Action": "sts:AssumeRole",
      "Condition": {
        "StringEquals": {
          "sts:ExternalId": "a \"b\" {{c}}"
        }
      }
    }
  ]
}
POLICY
role='Logs'
if aws iam get-role --role-name "$role" >/dev/null 2>&1; then
  aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust"
  aws iam put-role-permissions-boundary --role-name "$role" --permissions-boundary 'arn:aws:iam::123456789012:policy/Limit'
  aws iam tag-role --role-name "$role" --tags '[{"Key":"team","Value":"data"},{"Key":"cost center","Value":"42"}]'
else
  aws iam create-role --role-name "$role" --path '/team/' --assume-role-policy-document "$trust" --permissions-boundary 'arn:aws:iam::123456789012:policy/Limit' --tags '[{"Key":"team","Value":"data"},{"Key":"cost center","Value":"42"}]' >/dev/null
fi
aws iam put-role-policy --role-name "$role" --policy-name secondary-logs --policy-document "$policy"
else
bucket='acme-logs'
region='eu-west-1'
if ! aws s3api head-bucket --bucket "$bucket" --region "$region" >/dev/null 2>&1; then
  aws s3api create-bucket --bucket "$bucket" --region "$region" --create-bucket-configuration LocationConstraint='eu-west-1' >/dev/null
fi
aws s3api put-public-access-block --bucket "$bucket" --region "$region" --public-access-block-configuration '{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}'
aws s3api put-bucket-ownership-controls --bucket "$bucket" --region "$region" --ownership-controls '{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}'
aws s3api put-bucket-encryption --bucket "$bucket" --region "$region" --server-side-encryption-configuration '{"Rules":[{"BucketKeyEnabled":true,"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"arn:aws:kms:eu-west-1:999988887777:key/abc"}}]}'
aws s3api put-bucket-versioning --bucket "$bucket" --region "$region" --versioning-configuration '{"Status":"Enabled"}'
aws s3api put-bucket-lifecycle-configuration --bucket "$bucket" --region "$region" --lifecycle-configuration '{"Rules":[{"ID":"secondary-logs","Status":"Enabled","Filter":{"Prefix":""},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Expiration":{"Days":90},"NoncurrentVersionExpiration":{"NoncurrentDays":1}}]}'
aws s3api put-bucket-tagging --bucket "$bucket" --region "$region" --tagging '{"TagSet":[{"Key":"team","Value":"data"},{"Key":"cost center","Value":"42"}]}'
IFS= read -r -d '' bucket_policy <<'POLICY' || true
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ExternalS3Policy",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::123456789012:role/team/Logs"
      },
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
bucket='acme-logs'
if current=$(aws s3api get-bucket-policy --bucket "$bucket" --query Policy --output text 2>&1); then
  if [ "$(tr -d '[:space:]' <<<"$current")" != "$(tr -d '[:space:]' <<<"$bucket_policy")" ]; then
    echo "The bucket $bucket has a policy already: add these statements to it." >&2
    echo "$bucket_policy" >&2
    exit 1
  fi
elif [[ $current == *NoSuchBucketPolicy* ]]; then
  aws s3api put-bucket-policy --bucket "$bucket" --policy "$bucket_policy"
else
  echo "$current" >&2
  exit 1
fi
fi
