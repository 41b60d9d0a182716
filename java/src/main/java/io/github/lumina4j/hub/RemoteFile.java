package io.github.lumina4j.hub;

/**
 * A file of a repository, as the hub lists it.
 *
 * @param path below the repository, with slashes
 * @param size in bytes
 * @param hash the SHA-256 of a large file, Git's hash of a small one; it names the file in the
 *     cache
 */
record RemoteFile(String path, long size, String hash) {}
