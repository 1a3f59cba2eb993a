// Microsoft's own client, for .ci/azure-cross-check: create, upload, download, and look at what is beside the bytes.
const fs = require('fs');
const path = require('path');
const { BlobServiceClient, StorageSharedKeyCredential } = require('@azure/storage-blob');

const { ACCOUNT, KEY, URL, CONTAINER } = process.env;
const container = new BlobServiceClient(URL, new StorageSharedKeyCredential(ACCOUNT, KEY)).getContainerClient(CONTAINER);

function* files(folder, prefix = '') {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* files(path.join(folder, entry.name), `${prefix}${entry.name}/`);
    else yield prefix + entry.name;
  }
}

const verbs = {
  create: () => container.create(),
  async upload(folder, prefix) {
    for (const name of files(folder)) {
      await container.getBlockBlobClient(`${prefix}/${name}`)
        .uploadFile(path.join(folder, name), { blockSize: 4 << 20, maxSingleShotSize: 8 << 20, concurrency: 4 });
    }
  },
  async download(prefix, folder) {
    for await (const blob of container.listBlobsFlat({ prefix: `${prefix}/` })) {
      const to = path.join(folder, blob.name.slice(prefix.length + 1));
      fs.mkdirSync(path.dirname(to), { recursive: true });
      await container.getBlobClient(blob.name).downloadToFile(to);
    }
  },
  async beside() {
    // As RFC 2047 writes it, since a header of HTTP is ASCII.
    await container.getBlockBlobClient('beside-theirs')
      .upload('x', 1, { metadata: { author: '=?UTF-8?B?w5xuw68=?=' }, blobHTTPHeaders: { blobContentType: 'text/plain' } });
    const { metadata } = await container.getBlobClient('ours/large.bin').getProperties();
    if (!/^[0-9a-f]{8}:41943047$/.test(metadata.anystorecrc32c)) throw new Error(`no digest: ${JSON.stringify(metadata)}`);
    const { uncommittedBlocks } = await container.getBlockBlobClient('ours/large.bin').getBlockList('all');
    if (uncommittedBlocks && uncommittedBlocks.length > 0) throw new Error('blocks are left');
  },
};

const [verb, ...rest] = process.argv.slice(2);
verbs[verb](...rest).catch((e) => {
  console.error(e.message || e);
  process.exit(1);
});
