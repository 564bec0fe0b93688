resource "aws_iam_role_policy" "secondary_logs" {
  name = "secondary-logs"
  role = "Logs"
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
      }
    ]
  })
}

resource "aws_iam_role_policy" "secondary_logs_2" {
  name = "secondary-logs"
  role = "Other"
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
      }
    ]
  })
}

# The provider has to be set up for the bucket's region, us-east-1.
resource "aws_s3_bucket" "secondary_logs" {
  bucket = "acme-logs"
}

resource "aws_s3_bucket_public_access_block" "secondary_logs" {
  bucket                  = aws_s3_bucket.secondary_logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "secondary_logs" {
  bucket = aws_s3_bucket.secondary_logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "secondary_logs" {
  bucket = aws_s3_bucket.secondary_logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "secondary_logs" {
  bucket = aws_s3_bucket.secondary_logs.id

  rule {
    id     = "secondary-logs"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}
