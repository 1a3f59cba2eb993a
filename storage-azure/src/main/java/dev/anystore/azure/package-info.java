/**
 * Azure Blob Storage. Requests for data are built, signed and sent here; Azure's own library is there for its credentials
 * and for those who want its client.
 */
@NullMarked
package dev.anystore.azure;

import org.jspecify.annotations.NullMarked;
