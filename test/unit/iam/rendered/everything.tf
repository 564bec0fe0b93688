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

# Apply it once with credentials of each account, and a state for each: either makes its own part.
data "aws_caller_identity" "current" {}

locals {
  in_bucket_account = data.aws_caller_identity.current.account_id == "999988887777"
}

resource "aws_iam_role" "secondary_logs" {
  count                = local.in_bucket_account ? 0 : 1
  name                 = "Logs"
  path                 = "/team/"
  permissions_boundary = "arn:aws:iam::123456789012:policy/Limit"
  assume_role_policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Principal" : {
          "AWS" : "arn:aws:iam::111122223333:role/astro"
        },
        "Action" : "sts:AssumeRole",
        "Condition" : {
          "StringEquals" : {
            "sts:ExternalId" : "a \"b\" {{c}}"
          }
        }
      }
    ]
  })
  tags = {
    "team"        = "data"
    "cost center" = "42"
  }
}

resource "aws_iam_role_policy" "secondary_logs" {
  count = local.in_bucket_account ? 0 : 1
  name  = "secondary-logs"
  role  = aws_iam_role.secondary_logs[0].name
  policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Sid" : "ExternalS3Policy",
        "Effect" : "Allow",
        "Action" : [
          "s3:PutObject",
          "s3:GetObject",
          "s3:ListBucket",
          "s3:DeleteObject"
        ],
        "Resource" : [
          "arn:aws:s3:::acme-logs",
          "arn:aws:s3:::acme-logs/*"
        ]
      },
      {
        "Sid" : "LogBucketKey",
        "Effect" : "Allow",
        "Action" : [
          "kms:GenerateDataKey",
          "kms:Decrypt"
        ],
        "Resource" : "arn:aws:kms:eu-west-1:999988887777:key/abc"
      }
    ]
  })
}

# The provider has to be set up for the bucket's region, eu-west-1.
resource "aws_s3_bucket" "secondary_logs" {
  count  = local.in_bucket_account ? 1 : 0
  bucket = "acme-logs"
  tags = {
    "team"        = "data"
    "cost center" = "42"
  }
}

resource "aws_s3_bucket_public_access_block" "secondary_logs" {
  count                   = local.in_bucket_account ? 1 : 0
  bucket                  = aws_s3_bucket.secondary_logs[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "secondary_logs" {
  count  = local.in_bucket_account ? 1 : 0
  bucket = aws_s3_bucket.secondary_logs[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "secondary_logs" {
  count  = local.in_bucket_account ? 1 : 0
  bucket = aws_s3_bucket.secondary_logs[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:eu-west-1:999988887777:key/abc"
    }
  }
}

resource "aws_s3_bucket_versioning" "secondary_logs" {
  count  = local.in_bucket_account ? 1 : 0
  bucket = aws_s3_bucket.secondary_logs[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "secondary_logs" {
  count  = local.in_bucket_account ? 1 : 0
  bucket = aws_s3_bucket.secondary_logs[0].id

  rule {
    id     = "secondary-logs"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    expiration {
      days = 90
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }
  }
}

resource "aws_s3_bucket_policy" "secondary_logs" {
  count  = local.in_bucket_account ? 1 : 0
  bucket = aws_s3_bucket.secondary_logs[0].id
  policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Sid" : "ExternalS3Policy",
        "Effect" : "Allow",
        "Principal" : {
          "AWS" : "arn:aws:iam::123456789012:role/team/Logs"
        },
        "Action" : [
          "s3:PutObject",
          "s3:GetObject",
          "s3:ListBucket",
          "s3:DeleteObject"
        ],
        "Resource" : [
          "arn:aws:s3:::acme-logs",
          "arn:aws:s3:::acme-logs/*"
        ]
      }
    ]
  })
}
