import type { DifferenceGroup } from '../conformance/behaviour';

/** Where Ceph's gateway (16.2) differs from AWS's documentation, by reason. */
export const CEPH_DIFFERENCES: readonly DifferenceGroup[] = [
  {
    why: 'it has no GetCallerIdentity, and asks nobody who signed a call that it does not have',
    sees: {
      'sts: GetCallerIdentity of a user': '405 Unknown',
      'sts: GetCallerIdentity of a role’s session': '405 Unknown',
      'sts: GetCallerIdentity can’t be denied': '405 Unknown',
      'sts: a wrong secret': '405 Unknown',
      'sts: an unknown access key': '405 Unknown',
      'sts: a clock that is 16 minutes behind': '405 MethodNotAllowed',
      'sts: an unsigned request': '405 MethodNotAllowed',
    },
  },
  {
    why: 'it has no users, managed policies, boundaries and simulation in IAM',
    sees: {
      'iam: a user with an inline policy and an access key': '405 Unknown',
      'iam: a user has two access keys at most: LimitExceededException': '405 Unknown',
      'iam: a missing user is the exception NoSuchEntityException': { isNamed: false, status: 405 },
      'iam: a managed policy, attached, counts, and detached it doesn’t': '405 Unknown',
      'iam: the default version of a managed policy is what counts': '405 Unknown',
      'iam: a boundary limits what the role’s policy allows': '405 Unknown',
      'iam: SimulatePrincipalPolicy: allowed, denied, not mentioned': '405 Unknown',
    },
  },
  {
    why: 'errors of STS and IAM come in the shape of those of S3, so the SDK can give them no name',
    sees: {
      'sts: a session name with blanks': '400 Unknown',
      'sts: a session name of one letter': '400 Unknown',
      'sts: a session longer than its role allows': '400 Unknown',
      'sts: a session policy that is no JSON': '400 Unknown',
      'sts: an ExternalId of one letter': '400 Unknown',
      'sts: a session as long as its role allows': ['allowed', '400 Unknown'],
      'sts: a role that trusts somebody else is AccessDenied': '403 Unknown',
      'sts: an error has the shape of a query service’s': ['403 AccessDenied', false],
      'sts: with a session that has run out no role is assumed': [403, 'Unknown'],
      'iam: a missing role is the exception NoSuchEntityException': { isNamed: false, status: 404 },
      'iam: a second role of the same name is the exception EntityAlreadyExistsException': {
        isNamed: false,
        status: 409,
      },
      'iam: a role with policies isn’t deleted: DeleteConflictException': { isNamed: false, status: 409 },
      'iam: a malformed policy is the exception MalformedPolicyDocumentException': { isNamed: false, status: 400 },
      'iam: a trust policy that is no JSON': '400 Unknown',
      'iam: a trust policy with another version': '400 Unknown',
      'iam: a role’s inline policies are put, listed, read and deleted': {
        PolicyNames: ['own'],
        isSame: true,
        gone: '404 NotFound',
      },
      'iam: who may not manage roles is denied': '403 Unknown',
    },
  },
  {
    why: 'a missing role is 404, for AssumeRole too',
    sees: {
      'sts: a role ARN that is none': '404 NotFound',
      'sts: a role that isn’t there is AccessDenied': '404 NotFound',
    },
  },
  {
    why: 'its sessions begin at one second, as it was told to when it was started',
    sees: {
      'sts: a session of under 15 minutes': 'not refused',
    },
  },
  {
    why: 'a session policy is not held to the grammar',
    sees: {
      'sts: a malformed session policy is the exception MalformedPolicyDocumentException': 'not refused',
    },
  },
  {
    why: 'the keys of its sessions have no prefix',
    sees: {
      'sts: a session’s access key says that it is one': false,
    },
  },
  {
    why: 'the id of a session is not told',
    sees: {
      'sts: AssumeRole gives keys, their end and who they are': { keys: true, arn: true, lasts: true },
    },
  },
  {
    why: 'a session that has run out or was forged is an unknown access key',
    sees: {
      'signatures: a session token that was forged': '403 InvalidAccessKeyId',
      'signatures: the session token of another session': '403 InvalidAccessKeyId',
      'sts: a session that has run out': '403 InvalidAccessKeyId',
    },
  },
  {
    why: 'it does not judge ExternalId: even the right one is refused',
    sees: {
      'trust: with the right ExternalId': 'denied',
    },
  },
  {
    why: 'a session that begins with a session may last longer than an hour',
    sees: {
      'chaining: one hour at most': 'not refused',
    },
  },
  {
    why: 'it has no session tags',
    sees: {
      'sessions: tags become aws:PrincipalTag': ['403 AccessDenied', '403 AccessDenied'],
    },
  },
  {
    why: 'it takes tokens of issuers that it can reach alone, and there is none',
    sees: {
      'sts: a web identity that the role trusts': '403 Unknown',
      'sts: a web identity that the role doesn’t trust': '403 Unknown',
    },
  },
  {
    why: 'a trust policy is taken whatever it names',
    sees: {
      'iam: a trust policy with a resource': 'not refused',
      'iam: a trust policy without a principal': 'not refused',
      'iam: a trust policy that names a user who isn’t there': 'not refused',
      'iam: a trust policy that names a role which isn’t there': 'not refused',
      'iam: a trust policy with an action of S3': 'not refused',
    },
  },
  {
    why: 'a role has no description and no id of the form AROA',
    sees: {
      'iam: a role is told with id, ARN, path, trust and duration': {
        arn: true,
        id: false,
        path: '/data/',
        trust: true,
        duration: 7200,
      },
    },
  },
  {
    why: 'the document of a policy is told as it is',
    sees: {
      'iam: the document of a policy is told percent-encoded': false,
    },
  },
  {
    why: 'roles are not listed in pages, and all paths at once',
    sees: {
      'iam: roles are listed by path, in pages': { isSame: false },
    },
  },
  {
    why: 'the list of tags has another shape, which the SDK reads as empty',
    sees: {
      'iam: a role’s tags': [],
    },
  },
  {
    why: 'an unknown upload is an internal error when it is completed',
    sees: {
      'errors: completing an unknown upload is the exception NoSuchUpload': {
        isNamed: false,
        name: 'InternalError',
        status: 500,
        fault: 'server',
      },
      'multipart: one that was given up is gone': ['404 NoSuchUpload', '500 InternalError'],
    },
  },
  {
    why: 'nothing is blocked in a new bucket, which has ACLs',
    sees: {
      'errors: a new bucket blocks public access': {
        BlockPublicAcls: false,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
      'buckets: a new one is the owner’s alone, without ACLs': undefined,
      'buckets: an ACL is refused where there are none': 'not refused',
      'buckets: a policy for everybody is refused while public access is blocked': 'not refused',
    },
  },
  {
    why: 'whoever is anonymous has no account, so that the bucket of an account is not there for them',
    sees: {
      'signatures: an anonymous GET is AccessDenied': '404 NoSuchBucket',
      'signatures: an anonymous listing is AccessDenied': '404 NoSuchBucket',
      'signatures: an anonymous PUT is AccessDenied and writes nothing': ['404 NoSuchBucket', '404 NotFound'],
      'buckets: once it isn’t blocked, anybody may do what a policy lets everybody do': {
        status: 404,
        text: '',
        list: 404,
        isPublic: true,
      },
    },
  },
  {
    why: 'it has one region, of no name, and takes signatures for any',
    sees: {
      'errors: a bucket of another region answers where it is': '400 InvalidLocationConstraint',
      'signatures: a scope of another service': '200',
      'signatures: a request for another region is sent to the bucket’s own': ['200', undefined],
      'buckets: HEAD of one’s own tells its region': [200, undefined],
      'buckets: the location of one in us-east-1 is empty': { location: 'default' },
    },
  },
  {
    why: 'a header that was not signed is taken',
    sees: {
      'signatures: an x-amz header that was not signed': '200',
    },
  },
  {
    why: 'it knows signature version 2',
    sees: {
      'signatures: signature version 2 is refused': '403 SignatureDoesNotMatch',
    },
  },
  {
    why: 'other words for the same refusal',
    sees: {
      'errors: a key of 1,025 bytes is KeyTooLongError': '400 InvalidObjectName',
      'errors: POST to an object that asks for nothing is MethodNotAllowed': '400 InvalidArgument',
      'signatures: an Authorization header that is none': '400 InvalidArgument',
      'signatures: a presigned GET that lasts over a week': '403 AccessDenied',
      'signatures: in the header and in the query at once': '403 AccessDenied',
      'checksums: two of them at once': '200',
      'chunked: signed, a byte changed': ['400 XAmzContentSHA256Mismatch', '404 NotFound'],
      'chunked: signed, shorter than announced': ['400 InvalidArgument', '404 NotFound'],
      'chunked: signed, cut off within a chunk': ['400 XAmzContentSHA256Mismatch', '404 NotFound'],
      'chunked: unsigned, shorter than announced': ['400 XAmzContentSHA256Mismatch', '404 NotFound'],
      'delete: more than 1,000 at once': '400 Unknown',
      'delete: many, from a document that is none': '400',
      'bucket policies: that are no JSON': '400 InvalidArgument',
      'bucket policies: with a trailing comma': '400 InvalidArgument',
      'bucket policies: with another version': '400 InvalidArgument',
      'bucket policies: with an unknown effect': '400 InvalidArgument',
      'bucket policies: with an action that S3 hasn’t': '400 InvalidArgument',
    },
  },
  {
    why: 'a token beside the keys of a user is passed over',
    sees: {
      'signatures: a token beside the keys of a user': 'not refused',
    },
  },
  {
    why: 'it encrypts nothing unless it has a KMS of its own',
    sees: {
      'objects: they are encrypted with AES256 unless asked otherwise': [undefined, undefined],
      'objects: the encryption asked for is told again': [undefined, 'x'],
      'objects: encrypted with a KMS key that may be used': '400 InvalidArgument',
      'objects: encrypted with a KMS key that is switched off': '400 InvalidArgument',
      'buckets: a new one encrypts with AES256': undefined,
      'buckets: encryption that is set is told again': '400 InvalidArgument',
    },
  },
  {
    why: 'the ETag of a copy has no quotes, and that of a completed upload and in 304 is not told',
    sees: {
      'objects: a copy has the bytes and the metadata': { text: 'copied', Metadata: { run: '1' }, isSame: false },
      'conditional reads: 304 has the ETag and no body': { status: 304, text: '' },
      'multipart: parts in order become one object': {
        etag: false,
        size: 5242883,
        end: 'aend',
        type: 'text/plain',
        metadata: { run: '1' },
      },
    },
  },
  {
    why: 'it has no GetObjectAttributes, and takes it for a GET',
    sees: {
      'objects: their attributes in one request': '200 Error',
    },
  },
  {
    why: 'the account that is expected to own the bucket is not asked for',
    sees: {
      'objects: the account that is expected to own the bucket': ['not refused', 'not refused'],
    },
  },
  {
    why: 'a suffix of no bytes is the whole object',
    sees: {
      'ranges: a suffix of nothing': {
        status: 206,
        ContentRange: 'bytes 0-9/10',
        ContentLength: 10,
        body: '0123456789',
      },
    },
  },
  {
    why: 'a range that is malformed is refused',
    sees: {
      'ranges: one that is malformed is passed over': '416 InvalidRange',
    },
  },
  {
    why: '416 does not tell the size',
    sees: {
      'ranges: 416 says how long the object is': undefined,
    },
  },
  {
    why: 'an ETag in a condition of a PUT never matches',
    sees: {
      'conditional writes: If-Match of the object': ['412 PreconditionFailed', 'hello'],
      'conditional writes: If-Match where nothing is': ['412 PreconditionFailed', '404 NotFound'],
    },
  },
  {
    why: 'deletes, copies and uploads in parts have no conditions',
    sees: {
      'conditional deletes: If-Match of another': ['not refused', '404 NotFound'],
      'conditional copies: x-amz-copy-source-if-match of another': 'not refused',
      'conditional copies: x-amz-copy-source-if-match none of the source': 'not refused',
      'multipart: If-None-Match: * when it is completed': ['not refused', 'x'],
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
    why: 'parameters that make no sense are passed over',
    sees: {
      'listings: a negative max-keys': '200',
      'listings: a continuation token that is none': 'not refused',
      'listings: an encoding that is unknown': '200',
      'multipart: part numbers may have gaps, and parts may be left out': '400 InvalidPart',
      'multipart: parts out of order': 'not refused',
      'multipart: part number 0': '200',
      'multipart: part number 10001': '200',
    },
  },
  {
    why: 'blanks are %20, and slashes are encoded too',
    sees: {
      'listings: url-encoding leaves slashes and writes blanks as plus': {
        folder: 'a%20b/',
        prefix: 'a b',
        key: 'a%20b%2Ftest_file(3)%2B%C3%A9.png',
      },
    },
  },
  {
    why: 'a part cannot be read alone',
    sees: {
      'multipart: one part can be read alone': { text: 'aaend', length: 5242883 },
    },
  },
  {
    why: 'checksums other than Content-MD5 are neither checked nor kept',
    sees: {
      'checksums: CRC32 that the SDK sends is kept and told again': [undefined, undefined],
      'checksums: CRC32C that the SDK sends is kept and told again': [undefined, undefined],
      'checksums: CRC64NVME that the SDK sends is kept and told again': [undefined, undefined],
      'checksums: SHA1 that the SDK sends is kept and told again': [undefined, undefined],
      'checksums: SHA256 that the SDK sends is kept and told again': [undefined, undefined],
      'checksums: CRC32 of other bytes is refused': '200',
      'checksums: CRC32C of other bytes is refused': '200',
      'checksums: CRC64NVME of other bytes is refused': '200',
      'checksums: SHA1 of other bytes is refused': '200',
      'checksums: SHA256 of other bytes is refused': '200',
      'checksums: a checksum that can’t be one': '200',
      'checksums: one that is announced and doesn’t come': '200',
      'checksums: nothing is written where one is wrong': 'not refused',
      'checksums: S3 adds a CRC64NVME where none was sent': {},
    },
  },
  {
    why: 'aws-chunked stays on as the encoding of the content',
    sees: {
      'chunked: signed': ['200', 'as sent', 'aws-chunked'],
    },
  },
  {
    why: 'it knows no trailers',
    sees: {
      'chunked: signed, with a trailer': ['400 XAmzContentSHA256Mismatch', '404 NotFound'],
      'chunked: signed, with a checksum of other bytes in its trailer': [
        '400 XAmzContentSHA256Mismatch',
        '404 NotFound',
      ],
      'chunked: signed, with a wrong signature of its trailer': ['400 XAmzContentSHA256Mismatch', '404 NotFound'],
      'chunked: unsigned, with a trailer': ['400 XAmzContentSHA256Mismatch', '404 NotFound'],
      'chunked: unsigned, with a checksum of other bytes in its trailer': [
        '400 XAmzContentSHA256Mismatch',
        '404 NotFound',
      ],
    },
  },
  {
    why: 'a stream whose checksum comes in a trailer has no length for it',
    sees: {
      'chunked: the SDK’s stream, with the checksum in a trailer': '411 MissingContentLength',
    },
  },
  {
    why: 'DeleteObjects takes what comes without MD5, and refuses too many without words',
    sees: {
      'delete: many, without MD5 or checksum': '200',
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
      'delete: the marker itself can’t be read': '404 NoSuchKey',
    },
  },
  {
    why: 'NotAction with Allow allows nothing',
    sees: {
      'policies: NotAction allows everything else': [
        '403 AccessDenied',
        '403 AccessDenied',
        '403 AccessDenied',
        '403 AccessDenied',
      ],
    },
  },
  {
    why: 's3:ListBucket under a condition does not make a missing key 404',
    sees: {
      'policies: s3:ListBucket under an s3:prefix condition covers a missing key in the folder': [
        '403 Unknown',
        '403 AccessDenied',
      ],
    },
  },
  {
    why: 'aws:SecureTransport is not there over HTTP',
    sees: {
      'policies: aws:SecureTransport is false over HTTP': ['403 AccessDenied'],
    },
  },
  {
    why: 'a condition on a key that is not there never holds, negated or not',
    sees: {
      'policies: StringNotEquals matches where a key isn’t there': ['403 AccessDenied'],
    },
  },
  {
    why: 'a bucket policy is hardly checked',
    sees: {
      'bucket policies: for another bucket': 'not refused',
      'bucket policies: without a principal': 'not refused',
      'bucket policies: with an action that fits none of its resources': 'not refused',
      'bucket policies: that name a role which isn’t there': 'not refused',
    },
  },
];
