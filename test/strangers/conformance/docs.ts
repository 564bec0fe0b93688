/** An operation's page in the API reference of S3. */
export const s3Api = (operation: string) => `https://docs.aws.amazon.com/AmazonS3/latest/API/${operation}.html`;

/** A page of S3's user guide. */
export const s3Guide = (page: string) => `https://docs.aws.amazon.com/AmazonS3/latest/userguide/${page}.html`;

export const stsApi = (operation: string) => `https://docs.aws.amazon.com/STS/latest/APIReference/${operation}.html`;

export const iamApi = (operation: string) => `https://docs.aws.amazon.com/IAM/latest/APIReference/${operation}.html`;

/** A page of IAM's user guide. */
export const iamGuide = (page: string) => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`;

/** Where S3 lists its error codes. */
export const S3_ERRORS = s3Api('ErrorResponses');
