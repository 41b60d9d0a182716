#include "training/record_listing.h"

#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "checkpoint/foreign_file.h"
#include "checkpoint/mapped_file.h"
#include "checkpoint/messages.h"
#include "checkpoint/pickle.h"

namespace lumina::training {
namespace {

namespace fs = std::filesystem;
using checkpoint::Pickle;
using checkpoint::PickledDict;
using checkpoint::PickledList;
using checkpoint::PickledTuple;

constexpr std::size_t kMaxValues = 20'000'000;  // of a pickle: a list of some million files

const char* const kForm =
    "is no object with the lists of integers `token` and `label`, or with `file`";

class FileFinder {
 public:
  explicit FileFinder(const std::string& listing) : folder_(fs::path(listing).parent_path()) {}

  // Empty if it is nowhere.
  std::string find(const std::string& name) {
    const fs::path named(name);
    if (named.is_absolute() && is_file(named)) return named.string();
    std::vector<fs::path> parts(named.begin(), named.end());
    // What served the last item most likely serves this one.
    if (dropped_ < parts.size()) {
      const fs::path path = rest(parts, dropped_);
      if (is_file(path)) return path.string();
    }
    for (std::size_t dropped = 0; dropped < parts.size(); ++dropped) {
      const fs::path path = rest(parts, dropped);
      if (!is_file(path)) continue;
      dropped_ = dropped;
      return path.string();
    }
    return is_file(named) ? named.string() : "";
  }

 private:
  static bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
  }

  fs::path rest(const std::vector<fs::path>& parts, std::size_t dropped) const {
    fs::path path = folder_;
    for (std::size_t i = dropped; i < parts.size(); ++i) {
      if (!parts[i].is_absolute()) path /= parts[i];
    }
    return path;
  }

  fs::path folder_;
  std::size_t dropped_ = 0;  // leading folders
};

class ListingReader {
 public:
  explicit ListingReader(const std::string& path) : path_(path), finder_(path) {}

  void add(const nlohmann::json& item, const std::string& name) {
    try {
      if (item.is_object() && !item.contains("token") && item.contains("file")) {
        return add_file(item.at("file").get<std::string>(), name);
      }
      auto content = std::make_shared<RecordTokens>();
      content->tokens = item.at("token").get<std::vector<std::int32_t>>();
      content->labels = item.at("label").get<std::vector<std::int32_t>>();
      add_content(std::move(content), name);
    } catch (const nlohmann::json::exception&) {
      checkpoint::fail(path_, name + " " + kForm);
    }
  }

  void add_content(std::shared_ptr<const RecordTokens> content, const std::string& name) {
    if (content->tokens.size() != content->labels.size()) {
      checkpoint::fail(path_, name + " has not as many labels as tokens");
    }
    records_.push_back({std::move(content), "", name});
  }

  void add_file(const std::string& file, const std::string& name) {
    const std::string found = finder_.find(file);
    if (found.empty()) {
      checkpoint::fail(path_, name + " names " + checkpoint::quoted(file) +
                                  ", which is neither there nor beside this file");
    }
    records_.push_back({nullptr, found, name + " (" + found + ")"});
  }

  std::vector<ListedRecord> take() { return std::move(records_); }

 private:
  const std::string& path_;
  FileFinder finder_;
  std::vector<ListedRecord> records_;
};

void add_lines(const checkpoint::MappedFile& file, ListingReader& reader) {
  const auto* text = reinterpret_cast<const char*>(file.data());
  std::size_t number = 0;
  for (std::size_t at = 0; at < file.size();) {
    const auto* end = static_cast<const char*>(std::memchr(text + at, '\n', file.size() - at));
    const std::size_t next = end == nullptr ? file.size() : static_cast<std::size_t>(end - text);
    const std::string line(text + at, next - at);
    at = next + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    reader.add(nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false),
               "line " + std::to_string(number));
  }
}

void add_json(const checkpoint::MappedFile& file, ListingReader& reader) {
  const auto* text = reinterpret_cast<const char*>(file.data());
  const auto list = nlohmann::json::parse(text, text + file.size(), nullptr, false);
  if (!list.is_array()) checkpoint::fail(file.path(), "is not a JSON list of token records");
  for (std::size_t i = 0; i < list.size(); ++i) reader.add(list[i], "item " + std::to_string(i));
}

Pickle read_pickle(const checkpoint::MappedFile& file) {
  if (file.size() < 2 || file.data()[0] != 0x80) {
    const std::string foreign =
        checkpoint::foreign_file(file.data(), file.size(), file.path(), /*json=*/true);
    checkpoint::fail(file.path(), foreign.empty() ? "is not a pickle of protocol 2 to 5" : foreign);
  }
  return Pickle::read({file.data(), file.size(), file.path(), ""}, kMaxValues);
}

const std::vector<checkpoint::PickleIndex>* items_of(const Pickle& pickle,
                                                     checkpoint::PickleIndex index) {
  if (const auto* list = pickle.get<PickledList>(index)) return &list->items;
  if (const auto* tuple = pickle.get<PickledTuple>(index)) return &tuple->items;
  return nullptr;
}

// The value of a key; null if the mapping has none.
const checkpoint::PickleIndex* value_of(const Pickle& pickle, const PickledDict& dict,
                                        const char* key) {
  const checkpoint::PickleIndex* found = nullptr;
  for (const auto& [name, value] : dict.items) {
    const auto* text = pickle.get<std::string>(name);
    if (text != nullptr && *text == key) found = &value;
  }
  return found;
}

// `name`: what messages call the item, with a blank behind it, or nothing.
std::vector<std::int32_t> integers(const Pickle& pickle, const PickledDict& item, const char* key,
                                   const std::string& path, const std::string& name) {
  const auto* index = value_of(pickle, item, key);
  if (index == nullptr) checkpoint::fail(path, name + "has no `" + key + "`");
  const auto* items = items_of(pickle, *index);
  if (items == nullptr) {
    checkpoint::fail(path, name + "has a `" + key + "` that is no list of integers but " +
                               pickle.describe(*index));
  }
  std::vector<std::int32_t> numbers;
  numbers.reserve(items->size());
  for (const auto entry : *items) {
    const auto* number = pickle.get<std::int64_t>(entry);
    if (number == nullptr || *number < std::numeric_limits<std::int32_t>::min() ||
        *number > std::numeric_limits<std::int32_t>::max()) {
      checkpoint::fail(path,
                       name + "has a `" + key + "` with something that is no token: " +
                           (number != nullptr ? std::to_string(*number) : pickle.describe(entry)));
    }
    numbers.push_back(static_cast<std::int32_t>(*number));
  }
  return numbers;
}

std::shared_ptr<const RecordTokens> content_of(const Pickle& pickle, const PickledDict& item,
                                               const std::string& path, const std::string& name) {
  auto content = std::make_shared<RecordTokens>();
  content->tokens = integers(pickle, item, "token", path, name);
  content->labels = integers(pickle, item, "label", path, name);
  if (content->tokens.size() != content->labels.size()) {
    checkpoint::fail(path, name + "has not as many labels as tokens");
  }
  return content;
}

void add_pickled(const checkpoint::MappedFile& file, ListingReader& reader) {
  const Pickle pickle = read_pickle(file);
  const auto* list = items_of(pickle, pickle.root());
  if (list == nullptr) {
    const auto* item = pickle.get<PickledDict>(pickle.root());
    if (item == nullptr) {
      checkpoint::fail(file.path(),
                       "is a pickle of no token record but " + pickle.describe(pickle.root()));
    }
    return reader.add_content(content_of(pickle, *item, file.path(), ""), "its record");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string name = "item " + std::to_string(i);
    const auto* item = pickle.get<PickledDict>((*list)[i]);
    if (item == nullptr) checkpoint::fail(file.path(), name + " " + kForm);
    const auto* named = value_of(pickle, *item, "file");
    const auto* other = named == nullptr ? nullptr : pickle.get<std::string>(*named);
    if (other != nullptr && value_of(pickle, *item, "token") == nullptr) {
      reader.add_file(*other, name);
    } else {
      reader.add_content(content_of(pickle, *item, file.path(), name + " "), name);
    }
  }
}

}  // namespace

bool is_record_listing(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  return extension == ".jsonl" || extension == ".json" || extension == ".pkl";
}

std::vector<ListedRecord> read_listing(const std::string& path) {
  const auto file = checkpoint::MappedFile::open(path);
  const std::string extension = fs::path(path).extension().string();
  if (extension != ".pkl") {
    const std::string foreign =
        checkpoint::foreign_file(file->data(), file->size(), path, /*json=*/true);
    if (!foreign.empty()) checkpoint::fail(path, foreign);
  }
  ListingReader reader(path);
  if (extension == ".pkl") {
    add_pickled(*file, reader);
  } else if (extension == ".json") {
    add_json(*file, reader);
  } else {
    add_lines(*file, reader);
  }
  return reader.take();
}

std::shared_ptr<const RecordTokens> read_pickled_record(const std::string& path) {
  const auto file = checkpoint::MappedFile::open(path);
  const Pickle pickle = read_pickle(*file);
  const auto* item = pickle.get<PickledDict>(pickle.root());
  if (item == nullptr) {
    checkpoint::fail(path, "is a pickle of no token record but " + pickle.describe(pickle.root()));
  }
  return content_of(pickle, *item, path, "");
}

}  // namespace lumina::training
