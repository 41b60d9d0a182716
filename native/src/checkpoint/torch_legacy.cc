// torch.save before PyTorch 1.6, and since then with _use_new_zipfile_serialization=False: pickles
// of a magic number, a protocol, the writer's system, the object and the keys of its storages, then
// for every key in that order an int64 with its elements and their bytes.
#include <algorithm>
#include <cstring>
#include <map>

#include "checkpoint/messages.h"
#include "checkpoint/pickle.h"
#include "checkpoint/pickled_tensors.h"
#include "checkpoint/torch_archive.h"

namespace lumina::checkpoint {
namespace {

constexpr std::int64_t kProtocol = 1001;
constexpr std::size_t kMaxPickleBytes = std::size_t{64} << 20;

// LONG1 of ten bytes, the magic number; the byte before it is the pickle protocol.
constexpr unsigned char kMagic[] = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46};

class Reader {
 public:
  explicit Reader(const MappedFile& file) : file_(file) {}

  Pickle next(const char* name) {
    const std::size_t left = file_.size() - position_;
    Pickle pickle = Pickle::read(
        {file_.data() + position_, std::min(left, kMaxPickleBytes), file_.path(), name});
    position_ += pickle.bytes();
    return pickle;
  }

  std::uint64_t take_int64() {
    if (file_.size() - position_ < 8) truncated();
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value |= std::uint64_t{file_.data()[position_ + i]} << (8 * i);
    position_ += 8;
    return value;
  }

  StorageBytes take(std::uint64_t bytes) {
    if (bytes > file_.size() - position_) truncated();
    const StorageBytes storage{file_.data() + position_, bytes};
    position_ += bytes;
    return storage;
  }

 private:
  [[noreturn]] void truncated() const { fail(file_.path(), "is truncated"); }

  const MappedFile& file_;
  std::size_t position_ = 0;
};

// Bytes of an element of every storage that the pickle names, read here or not.
std::map<std::string, std::uint64_t> element_sizes(const Pickle& pickle) {
  std::map<std::string, std::uint64_t> sizes;
  for (PickleIndex i = 0; i < pickle.count(); ++i) {
    const auto* storage = pickle.get<PickledStorage>(i);
    if (storage != nullptr) sizes[storage->key] = storage->type.size();
  }
  return sizes;
}

}  // namespace

bool is_legacy_torch_file(const MappedFile& file) {
  return file.size() >= 2 + sizeof kMagic && file.data()[0] == 0x80 &&
         (std::memcmp(file.data() + 2, kMagic, sizeof kMagic) == 0 ||
          // Protocols 4 and 5 announce a frame in between.
          (file.data()[2] == 0x95 && file.size() >= 11 + sizeof kMagic &&
           std::memcmp(file.data() + 11, kMagic, sizeof kMagic) == 0));
}

WeightFile read_legacy_torch_file(const std::shared_ptr<const MappedFile>& file,
                                  const std::vector<std::string>& anchors) {
  const std::string& path = file->path();
  Reader reader(*file);
  reader.next("the magic number");
  const Pickle protocol = reader.next("the protocol");
  const auto* version = protocol.get<std::int64_t>(protocol.root());
  if (version == nullptr || *version != kProtocol) {
    fail(path, "is a torch.save file of an unknown protocol");
  }
  const Pickle system = reader.next("the system information");
  const auto* facts = system.get<PickledDict>(system.root());
  const PickledValue* order = facts == nullptr ? nullptr : system.find(*facts, "little_endian");
  const bool* little = order == nullptr ? nullptr : std::get_if<bool>(order);
  if (little != nullptr && !*little) fail(path, "is not stored in little-endian byte order");

  const Pickle object = reader.next("the object");
  const Pickle keys = reader.next("the list of storages");
  const auto* list = keys.get<PickledList>(keys.root());
  if (list == nullptr) fail(path, "has no list of storages");
  const auto sizes = element_sizes(object);
  std::map<std::string, StorageBytes> storages;
  for (const PickleIndex index : list->items) {
    const auto* key = keys.get<std::string>(index);
    const auto size = key == nullptr ? sizes.end() : sizes.find(*key);
    if (size == sizes.end() || size->second == 0) {
      fail(path, "holds a storage of an unknown kind; save it again with PyTorch 1.6 or newer");
    }
    const std::uint64_t numel = reader.take_int64();
    std::uint64_t bytes;
    if (__builtin_mul_overflow(numel, size->second, &bytes)) fail(path, "is truncated");
    storages[*key] = reader.take(bytes);
  }
  return state_dict_of(
      object, anchors, file, [&](const PickledStorage& storage, const std::string& tensor) {
        const auto found = storages.find(storage.key);
        if (found == storages.end()) {
          fail(path, tensor + " lies in storage " + quoted(storage.key) + ", which the file lacks");
        }
        return found->second;
      });
}

}  // namespace lumina::checkpoint
