#include "storage/storage.h"

namespace streamscope::storage {

base::Error toError(const Fault& fault) {
  return base::Error{base::ErrorCode::KAFKA_STORAGE_ERROR, fault.message};
}

StorageResult<base::Bytes> Storage::readFile(const std::filesystem::path& path) {
  const auto file = open(path, OpenMode::ReadOnly);
  if (!file) return base::fail(file.error());
  base::Bytes bytes((*file)->size());
  const auto count = (*file)->readAt(0, bytes);
  if (!count) return base::fail(count.error());
  bytes.resize(*count);
  return bytes;
}

StorageStatus Storage::writeFileAtomically(const std::filesystem::path& path, base::ByteView bytes) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  {
    const auto file = open(temporary, OpenMode::ReadWrite);
    if (!file) return base::fail(file.error());
    // What an interrupted attempt left behind.
    if (auto cut = (*file)->truncate(0); !cut) return cut;
    if (auto appended = (*file)->append(bytes); !appended) return appended;
    if (auto synced = (*file)->sync(); !synced) return synced;
  }
  if (auto renamed = rename(temporary, path); !renamed) return renamed;
  return syncDirectory(path.parent_path());
}

}  // namespace streamscope::storage
