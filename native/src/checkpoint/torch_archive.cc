#include "checkpoint/torch_archive.h"

#include <cstring>
#include <optional>
#include <string_view>

#include "checkpoint/messages.h"
#include "checkpoint/pickle.h"
#include "checkpoint/pickled_tensors.h"
#include "checkpoint/zip_directory.h"

namespace lumina::checkpoint {
namespace {

constexpr std::uint64_t kMaxPickleBytes = std::uint64_t{64} << 20;

// The folder inside the archive (any name) that holds data.pkl, with its slash.
std::string find_folder(const ZipDirectory& zip, const std::string& path) {
  const std::string tail = "/data.pkl";
  std::optional<std::string> folder;
  for (const auto& [name, entry] : zip.entries()) {
    if (name.size() <= tail.size() ||
        name.compare(name.size() - tail.size(), tail.size(), tail) != 0) {
      continue;
    }
    if (folder) fail(path, "holds more than one data.pkl");
    folder = name.substr(0, name.size() - tail.size() + 1);
  }
  if (!folder) {
    fail(path,
         "is a zip archive that holds no data.pkl, so torch.save did not write it; unpack it");
  }
  return *folder;
}

void check_byte_order(const ZipDirectory& zip, const std::string& folder, const std::string& path) {
  const auto found = zip.entries().find(folder + "byteorder");
  if (found == zip.entries().end()) return;  // older files have none and are little-endian
  const auto* text = reinterpret_cast<const char*>(found->second.data);
  if (std::string_view(text, found->second.size) != "little") {
    fail(path, "is not stored in little-endian byte order");
  }
}

}  // namespace

bool is_torch_archive(const MappedFile& file) {
  return file.size() >= 4 && std::memcmp(file.data(), "PK\x03\x04", 4) == 0;
}

WeightFile read_torch_archive(const std::shared_ptr<const MappedFile>& file,
                              const std::vector<std::string>& anchors) {
  const std::string& path = file->path();
  const ZipDirectory zip(*file);
  const std::string folder = find_folder(zip, path);
  check_byte_order(zip, folder, path);
  const ZipEntry& entry = zip.entries().at(folder + "data.pkl");
  if (entry.size > kMaxPickleBytes) fail(path, "data.pkl is absurdly large");
  const Pickle pickle = Pickle::read({entry.data, entry.size, path, "data.pkl"});
  return state_dict_of(
      pickle, anchors, file, [&](const PickledStorage& storage, const std::string& tensor) {
        const auto found = zip.entries().find(folder + "data/" + storage.key);
        if (found == zip.entries().end()) {
          fail(path,
               tensor + " lies in storage " + quoted(storage.key) + ", which the archive lacks");
        }
        return StorageBytes{found->second.data, found->second.size};
      });
}

}  // namespace lumina::checkpoint
