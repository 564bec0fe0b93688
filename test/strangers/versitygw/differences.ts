import type { DifferenceGroup } from '../conformance/behaviour';

/** What is a matter of STS and of sessions, which versitygw doesn't have. */
export const VERSITYGW_LACKS = /^(sts|trust|chaining|session policies|sessions): |session’s keys without|session token/;

/** Where versitygw (1.8) differs from AWS's documentation, by reason. */
export const VERSITYGW_DIFFERENCES: readonly DifferenceGroup[] = [
  {
    why: 'a bucket of one’s own is not created again, and one of another user neither',
    sees: {
      'errors: creating a bucket of one’s own again succeeds in us-east-1': {
        isNamed: true,
        name: 'BucketAlreadyOwnedByYou',
        status: 409,
        fault: 'client',
      },
      'errors: creating somebody else’s bucket is the exception BucketAlreadyExists': {
        isNamed: false,
        name: 'BucketAlreadyOwnedByYou',
        status: 409,
        fault: 'client',
      },
    },
  },
  {
    why: 'it has no lifecycle, no encryption and no block of public access',
    sees: {
      'errors: a bucket without lifecycle rules is NoSuchLifecycleConfiguration': '501 NotImplemented',
      'errors: a new bucket blocks public access': '501 NotImplemented',
      'buckets: a new one encrypts with AES256': '501 NotImplemented',
      'buckets: encryption that is set is told again': '501 NotImplemented',
      'buckets: lifecycle rules': '501 NotImplemented',
      'buckets: a policy for everybody is refused while public access is blocked': 'not refused',
      'buckets: once it isn’t blocked, anybody may do what a policy lets everybody do': '501 NotImplemented',
    },
  },
  {
    why: 'a PUT without a length is one of no bytes',
    sees: {
      'errors: a PUT without Content-Length is MissingContentLength': '200',
    },
  },
  {
    why: 'it has one region, and is told its name when it is started',
    sees: {
      'errors: a bucket of another region answers where it is': '400 InvalidLocationConstraint',
      'signatures: a request for another region is sent to the bucket’s own': [
        '400 AuthorizationHeaderMalformed',
        undefined,
      ],
    },
  },
  {
    why: 'other words for the same refusal',
    sees: {
      'signatures: signature version 2 is refused': '403 AccessDenied',
      'delete: many, from a document that is none': '400 InvalidRequest',
    },
  },
  {
    why: 'the header counts where a signature is in the query too',
    sees: {
      'signatures: in the header and in the query at once': '200',
    },
  },
  {
    why: 'it encrypts nothing, and passes over that it was asked to',
    sees: {
      'objects: they are encrypted with AES256 unless asked otherwise': [undefined, undefined],
      'objects: the encryption asked for is told again': [undefined, 'x'],
      'objects: encrypted with a KMS key that may be used': [undefined, false, 'x'],
      'objects: encrypted with a KMS key that is switched off': 'not refused',
    },
  },
  {
    why: 'a blank in the list of attributes, as the SDK sends it, makes a name of it that is unknown',
    sees: {
      'objects: their attributes in one request': '400 InvalidArgument',
    },
  },
  {
    why: 'the owner of a bucket is an access key, and no account',
    sees: {
      'objects: the account that is expected to own the bucket': ['403 Unknown', '403 AccessDenied'],
    },
  },
  {
    why: '304 has no ETag',
    sees: {
      'conditional reads: 304 has the ETag and no body': { status: 304, text: '' },
    },
  },
  {
    why: 'a copy whose source is not to match is 304',
    sees: {
      'conditional copies: x-amz-copy-source-if-match none of the source': '304 Unknown',
    },
  },
  {
    why: 'keys are told as they are, also where asked for URL-encoded',
    sees: {
      'keys: a plus: written, listed both ways, read, deleted': {
        plain: [true],
        encoded: [false],
        text: true,
        gone: '404 NoSuchKey',
      },
      'keys: a control character, listed URL-encoded': ['a�b'],
      'listings: an encoding that is unknown': '200',
      'listings: url-encoding leaves slashes and writes blanks as plus': {
        folder: 'a b/',
        prefix: 'a b',
        key: 'a b/test_file(3)+é.png',
      },
    },
  },
  {
    why: 'keys are files, with the limits of their names',
    sees: {
      'keys: 1,024 bytes: written, listed both ways, read, deleted': '400 KeyTooLongError',
      'keys: two slashes and one at the end: written, listed both ways, read, deleted':
        '400 DirectoryObjectContainsData',
      'keys: dots as segments: written, listed both ways, read, deleted': {
        encoded: [false],
        text: true,
        gone: '404 NoSuchKey',
      },
    },
  },
  {
    why: 'the marker of the next page always comes',
    sees: {
      'listings: version 1, no NextMarker without one': {
        keys: ['a.log', 'dag/1.log'],
        folders: [],
        isCut: true,
        next: 'dag/1.log',
      },
    },
  },
  {
    why: 'a continuation token is a key',
    sees: {
      'listings: a continuation token that is none': 'not refused',
    },
  },
  {
    why: 'aws-chunked stays on as the encoding of the content',
    sees: {
      'chunked: signed': ['200', 'as sent', 'aws-chunked'],
      'chunked: signed, with a trailer': ['200', 'as sent', 'aws-chunked'],
      'chunked: unsigned, with a trailer': ['200', 'as sent', 'aws-chunked'],
    },
  },
  {
    why: 'DeleteObjects takes any number, and is never quiet',
    sees: {
      'delete: many, quietly: only errors are told': { Deleted: [{ Key: 'a' }, { Key: 'none' }] },
      'delete: more than 1,000 at once': 'not refused',
    },
  },
  {
    why: 'a delete marker does not say that it is one',
    sees: {
      'delete: with versions a marker is laid over the object': {
        DeleteMarker: true,
        gone: '404 NoSuchKey',
        old: 'kept',
      },
    },
  },
  {
    why: 'an ACL of an object is passed over',
    sees: {
      'buckets: an ACL is refused where there are none': 'not refused',
    },
  },
  {
    why: 'a missing key is 404, may one list or not',
    sees: {
      'policies: without s3:ListBucket a missing key is 403': ['404 NotFound', '404 NoSuchKey', 'allowed'],
    },
  },
  {
    why: 'headers of the request are no conditions',
    sees: {
      'policies: a Deny of writing without encryption, by a header of the request': [
        '403 AccessDenied',
        '403 AccessDenied',
      ],
    },
  },
  {
    why: 'a statement without a principal is taken',
    sees: {
      'bucket policies: without a principal': 'not refused',
    },
  },
  {
    why: 'it has roles and no STS: nobody is looked for in a trust policy, and none is judged',
    sees: {
      'iam: a trust policy that names a user who isn’t there': 'not refused',
      'iam: a trust policy that names a role which isn’t there': 'not refused',
      'iam: a trust policy is replaced as a whole': ['405 Unknown', '405 Unknown'],
    },
  },
  {
    why: 'its IAM has no managed policies, boundaries and simulation',
    sees: {
      'iam: a managed policy, attached, counts, and detached it doesn’t': '400 InvalidAction',
      'iam: the default version of a managed policy is what counts': '400 InvalidAction',
      'iam: a boundary limits what the role’s policy allows': '400 InvalidAction',
      'iam: SimulatePrincipalPolicy: allowed, denied, not mentioned': '400 InvalidAction',
    },
  },
];
