#include "checkpoint/foreign_file.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>

#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

constexpr std::size_t kShownBytes = 80;  // of a text that is no weights
constexpr std::size_t kLookedAt = 512;

struct Signature {
  std::size_t offset;
  const char* bytes;
  std::size_t size;
  const char* what;
};

// Containers and formats that begin with bytes of their own.
constexpr Signature kSignatures[] = {
    {0, "\x1f\x8b", 2, "is a gzip archive; unpack it first"},
    {0, "BZh", 3, "is a bzip2 archive; unpack it first"},
    {0, "\xfd\x37zXZ", 5, "is an xz archive; unpack it first"},
    {0, "\x28\xb5\x2f\xfd", 4, "is a zstd archive; unpack it first"},
    {0, "7z\xbc\xaf\x27\x1c", 6, "is a 7z archive; unpack it first"},
    {0, "Rar!", 4, "is a RAR archive; unpack it first"},
    {0, "PK\x03\x04", 4, "is a zip archive; unpack it first"},
    {257, "ustar", 5, "is a tar archive; unpack it first"},
    {0, "GGUF", 4, "is a GGUF file; weights as safetensors or by torch.save are needed"},
    {0, "\x89HDF\r\n\x1a\n", 8,
     "is an HDF5 file; weights as safetensors or by torch.save are needed"},
    {0, "%PDF", 4, "is a PDF document, not the file itself"},
};

bool has_controls(const std::string& head) {
  return std::any_of(head.begin(), head.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte == 0x7f || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t');
  });
}

// In small letters, without a byte order mark and blanks in front.
std::string beginning(const std::string& head) {
  std::string text = head.rfind("\xef\xbb\xbf", 0) == 0 ? head.substr(3) : head;
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

bool begins(const std::string& text, const char* head) { return text.rfind(head, 0) == 0; }

std::string first_letters(const std::string& head) {
  const std::size_t start = std::min(head.find_first_not_of(" \t\r\n"), head.size());
  std::string text = head.substr(start, kShownBytes);
  std::replace_if(
      text.begin(), text.end(), [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
  return quoted(text + (head.size() - start > kShownBytes ? "..." : ""));
}

}  // namespace

std::string pull_command(const std::string& path) {
  const std::string head = "models--";
  for (const auto& part : std::filesystem::path(path)) {
    std::string name = part.string();
    if (name.rfind(head, 0) != 0) continue;
    name = name.substr(head.size());
    const std::size_t slash = name.find("--");
    if (slash != std::string::npos) name.replace(slash, 2, "/");
    return "lumina pull " + name;
  }
  return "lumina pull ORG/NAME";
}

std::string foreign_file(const std::uint8_t* data, std::size_t size, const std::string& path,
                         bool json) {
  if (size == 0) return "is empty; fetch it again, for example with `" + pull_command(path) + "`";
  const std::string head(reinterpret_cast<const char*>(data), std::min(size, kLookedAt));
  for (const Signature& signature : kSignatures) {
    if (size >= signature.offset + signature.size &&
        std::memcmp(data + signature.offset, signature.bytes, signature.size) == 0) {
      return signature.what;
    }
  }
  if (has_controls(head)) return "";
  const std::string text = beginning(head);
  if (begins(text, "version https://git-lfs.github.com/spec/")) {
    return "is a Git LFS pointer, not the file itself; fetch it with `git lfs pull` or `" +
           pull_command(path) + "`";
  }
  if (begins(text, "<!doctype html") || begins(text, "<html") || begins(text, "<head")) {
    return "is a web page (HTML), not the file itself: a login or error page that was saved in its "
           "place; fetch it again, for example with `" +
           pull_command(path) + "`";
  }
  if (begins(text, "<?xml") || begins(text, "<error")) {
    return "is an XML document, not the file itself: an error of the server that was saved in its "
           "place (" +
           first_letters(head) + ")";
  }
  if (json) return "";
  if (begins(text, "{") || begins(text, "[")) {
    return "is a JSON document, not weights (" + first_letters(head) + ")";
  }
  const bool ascii = std::none_of(head.begin(), head.end(), [](char letter) {
    return (static_cast<unsigned char>(letter) & 0x80) != 0;
  });
  if (!ascii) return "";
  return "is a text, not weights (" + first_letters(head) + ")";
}

}  // namespace lumina::checkpoint
