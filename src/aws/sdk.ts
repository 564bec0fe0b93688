/** The SDK announces its future need of Node 22 to whoever runs Node 20; that is for this project to know, not for its users. */
function silenceNodeNotice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}

/** STS of the SDK, loaded when it is first needed. */
export function loadSts() {
  silenceNodeNotice();
  return import('@aws-sdk/client-sts');
}

/** The SDK's credential providers, loaded when the variables hold no keys. */
export function loadCredentialProviders() {
  silenceNodeNotice();
  return import('@aws-sdk/credential-providers');
}

/** IAM of the SDK, loaded when a role is first read or made. */
export function loadIam() {
  silenceNodeNotice();
  return import('@aws-sdk/client-iam');
}

/** S3 of the SDK, loaded when a bucket's settings are first read or made. */
export function loadS3() {
  silenceNodeNotice();
  return import('@aws-sdk/client-s3');
}
