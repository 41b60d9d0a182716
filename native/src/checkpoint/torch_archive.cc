#include "checkpoint/torch_archive.h"

#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "checkpoint/extents.h"
#include "checkpoint/messages.h"
#include "checkpoint/pickle.h"
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
  if (!folder) fail(path, "holds no data.pkl; not a torch.save archive");
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

// The last element that shape and strides reach must lie inside the storage.
void check_reach(const PickledTensor& tensor, std::int64_t numel, std::int64_t storage_numel,
                 const std::string& name, const std::string& path) {
  std::int64_t last = tensor.offset;
  for (std::size_t d = 0; d < tensor.shape.size() && numel > 0; ++d) {
    std::int64_t step;
    if (__builtin_mul_overflow(tensor.shape[d] - 1, tensor.strides[d], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      fail(path, name + " has absurd strides");
    }
  }
  const std::int64_t beyond = numel > 0 ? last : tensor.offset - 1;
  if (beyond >= storage_numel) {
    fail(path, name + " reaches element " + std::to_string(beyond) + " of a storage of " +
                   std::to_string(storage_numel));
  }
  if (numel > storage_numel) fail(path, name + " has more elements than its storage");
}

class ArchiveReader {
 public:
  explicit ArchiveReader(std::shared_ptr<const MappedFile> file)
      : file_(std::move(file)), zip_(*file_), folder_(find_folder(zip_, file_->path())) {
    check_byte_order(zip_, folder_, file_->path());
  }

  TensorMap read() const {
    const ZipEntry& pickle = zip_.entries().at(folder_ + "data.pkl");
    if (pickle.size > kMaxPickleBytes) fail(file_->path(), "data.pkl is absurdly large");
    TensorMap tensors;
    for (const auto& tensor : read_pickled_tensors(pickle.data, pickle.size, file_->path())) {
      if (!tensors.emplace(tensor.name, view(tensor)).second) {
        fail(file_->path(), "names tensor " + quoted(tensor.name) + " twice");
      }
    }
    if (tensors.empty()) fail(file_->path(), "holds no tensor");
    return tensors;
  }

 private:
  // The raw bytes of a storage: the entry data/<key>, exactly as long as the pickle says.
  const std::uint8_t* storage_bytes(const PickledStorage& storage, const std::string& name) const {
    const auto found = zip_.entries().find(folder_ + "data/" + storage.key);
    if (found == zip_.entries().end()) {
      fail(file_->path(),
           name + " lies in storage " + quoted(storage.key) + ", which the archive lacks");
    }
    const auto size = static_cast<std::int64_t>(element_size(storage.dtype));
    std::int64_t bytes;
    if (storage.numel < 0 || __builtin_mul_overflow(storage.numel, size, &bytes) ||
        static_cast<std::uint64_t>(bytes) != found->second.size) {
      fail(file_->path(), "storage " + quoted(storage.key) + " of " +
                              std::to_string(storage.numel) + " elements has " +
                              std::to_string(found->second.size) + " bytes");
    }
    if ((found->second.data - file_->data()) % size != 0) {
      fail(file_->path(), "storage " + quoted(storage.key) +
                              " is not aligned to its element size of " + std::to_string(size) +
                              " bytes");
    }
    return found->second.data;
  }

  TensorView view(const PickledTensor& tensor) const {
    const std::string& path = file_->path();
    const std::string name = "tensor " + quoted(tensor.name);
    const std::uint8_t* bytes = storage_bytes(tensor.storage, name);
    if (tensor.shape.size() > kMaxRank) fail(path, name + " has too many dimensions");
    if (tensor.shape.size() != tensor.strides.size()) {
      fail(path, name + " has " + std::to_string(tensor.shape.size()) + " sizes but " +
                     std::to_string(tensor.strides.size()) + " strides");
    }
    for (const auto stride : tensor.strides) {
      if (stride < 0) fail(path, name + " has a negative stride");
    }
    if (tensor.offset < 0) fail(path, name + " has a negative storage offset");
    const auto numel = checked_numel(tensor.shape);
    if (!numel) fail(path, name + " has the absurd shape " + shape_text(tensor.shape));
    check_reach(tensor, *numel, tensor.storage.numel, name, path);

    TensorView view;
    view.dtype = tensor.storage.dtype;
    view.shape = tensor.shape;
    view.strides = tensor.strides;
    view.data = bytes + static_cast<std::uint64_t>(tensor.offset) * element_size(view.dtype);
    view.owner = file_;
    view.mapped = true;
    view.file = path;
    return view;
  }

  std::shared_ptr<const MappedFile> file_;
  ZipDirectory zip_;
  std::string folder_;
};

}  // namespace

bool is_torch_archive(const MappedFile& file) {
  return file.size() >= 4 && std::memcmp(file.data(), "PK\x03\x04", 4) == 0;
}

TensorMap read_torch_archive(const std::shared_ptr<const MappedFile>& file) {
  return ArchiveReader(file).read();
}

}  // namespace lumina::checkpoint
