#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace streamscope::protocol {

/// No version: of a message that is flexible in none, of a field that is null in none.
inline constexpr int16_t kNever = std::numeric_limits<int16_t>::max();

/// Longest string the protocol has room for, in bytes: the old length prefix is an int16.
inline constexpr size_t kStringSizeMax = 32767;

/// What is known of a message as a whole.
struct MessageInfo {
  std::string_view name;
  /// Of the request, its response, or the metadata record; -1 for headers and control records, which have none.
  int16_t apiKey = -1;
  /// The versions this program reads and writes.
  int16_t versionMin = 0;
  int16_t versionMax = 0;
  /// From this version on strings and arrays are compact and structs end with tagged fields (KIP-482).
  int16_t flexibleFrom = kNever;

  constexpr bool hasVersion(int16_t version) const { return version >= versionMin && version <= versionMax; }
  constexpr bool isFlexible(int16_t version) const { return version >= flexibleFrom; }
};

/// In which versions a field exists and how it stands there. Made by `since` and `versions`.
struct FieldRule {
  int16_t versionMin = 0;
  int16_t versionMax = kNever;
  int16_t nullableFrom = kNever;
  /// Number of a tagged field, -1 for a field at its place.
  int16_t tagNumber = -1;
  bool compactAllowed = true;

  constexpr bool isIn(int16_t version) const { return version >= versionMin && version <= versionMax; }
  constexpr bool isTagged() const { return tagNumber >= 0; }
  constexpr bool isNullable(int16_t version) const { return version >= nullableFrom; }

  constexpr FieldRule nullable() const { return nullableSince(versionMin); }
  constexpr FieldRule nullableSince(int16_t version) const {
    FieldRule rule = *this;
    rule.nullableFrom = version;
    return rule;
  }
  /// Written after the other fields, and only when it differs from the member's default.
  constexpr FieldRule tag(int16_t number) const {
    FieldRule rule = *this;
    rule.tagNumber = number;
    return rule;
  }
  /// Keeps the old length prefix in flexible versions; the request header's client id is the only such field.
  constexpr FieldRule notCompact() const {
    FieldRule rule = *this;
    rule.compactAllowed = false;
    return rule;
  }
};

constexpr FieldRule since(int16_t version) {
  return FieldRule{version};
}
constexpr FieldRule versions(int16_t first, int16_t last) {
  return FieldRule{first, last};
}

// How a message is described. A message is a plain struct named as in Kafka's message definitions, with
//
//   static constexpr MessageInfo kInfo{...};               (the outermost struct only)
//   template <class Visitor> static void fields(Visitor& visit) {
//     visit("MaxWaitMs", &FetchRequest::maxWaitMs, since(0));   (each field once, in Kafka's order)
//   }
//
// and everything there is to do with messages is a visitor over that list: encode, decode, print, tree, generate.
// Types: an array is a std::vector, a field that may be null a std::optional, nested structs are nested types. A field
// that a version does not have is left out on encode and keeps the member's default on decode. A nullable member is
// null by default, where Kafka's generated classes sometimes start with an empty value.

}  // namespace streamscope::protocol
