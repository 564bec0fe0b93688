/** An error answer of S3, STS or IAM, or what kept a request from getting an answer. */
export interface AwsFailure {
  /** `AccessDenied`, `NoSuchBucket` …; for a network failure Node's code (`ECONNREFUSED`); for a HEAD without a body `''`. */
  readonly awsCode: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly message: string;
  /** `s3:PutObject`, as far as the request tells. */
  readonly action: string;
  /** The bucket's region, where the answer names it (`x-amz-bucket-region`, `<Region>`). */
  readonly region?: string;
  readonly requestId?: string;
}
