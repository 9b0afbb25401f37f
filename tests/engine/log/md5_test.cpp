#include "md5.h"

#include <QTest>

#include "base/bytes.h"
#include "support/test_registry.h"

using namespace streamscope;

class Md5Test : public QObject {
  Q_OBJECT
 private slots:
  /// The test suite of RFC 1321.
  void digestsAreThoseOfTheStandard() {
    const std::pair<std::string, std::string> expected[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"}};
    const log::Md5 md5;
    for (const auto& [text, digest] : expected) QCOMPARE(base::toHex(md5(base::asBytes(text))), digest);
  }
};

STREAMSCOPE_TEST(Md5Test);
#include "md5_test.moc"
