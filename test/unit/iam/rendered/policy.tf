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
