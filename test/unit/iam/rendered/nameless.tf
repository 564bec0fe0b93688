variable "role_name" {
  type        = string
  description = "Name of the role to make"
}

resource "aws_iam_role" "secondary_logs" {
  name = var.role_name
  assume_role_policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Principal" : {
          "AWS" : "arn:aws:iam::111122223333:role/astro"
        },
        "Action" : "sts:AssumeRole"
      }
    ]
  })
}

resource "aws_iam_role_policy" "secondary_logs" {
  name = "secondary-logs"
  role = aws_iam_role.secondary_logs.name
  policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Sid" : "ListLogFolder",
        "Effect" : "Allow",
        "Action" : "s3:ListBucket",
        "Resource" : "arn:aws:s3:::acme-logs",
        "Condition" : {
          "StringLike" : {
            "s3:prefix" : "prod/*"
          }
        }
      },
      {
        "Sid" : "WriteLogFolder",
        "Effect" : "Allow",
        "Action" : [
          "s3:PutObject",
          "s3:GetObject",
          "s3:DeleteObject"
        ],
        "Resource" : "arn:aws:s3:::acme-logs/prod/*"
      }
    ]
  })
}
