#!/usr/bin/env bash
# A user's view of the installed artifacts: a separate Maven project with two dependencies, the Java
# jar and the jar of this platform, that makes a picture. Needs what `mvn install` put in place.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/ci/consumer/." "$work"
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$root/pom.xml" | head -n 1)
cd "$work"
maven -Dlumina4j.version="$version" compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile=classpath
java -cp "target/classes:$(cat classpath)" example.MakePicture "$work/model" "$work/picture.png"
[ "$(head -c 8 picture.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] ||
  die "the consumer project made no PNG"
for jar in $(tr ':' '\n' <classpath | grep '/lumina4j-'); do
  unzip -l "$jar" META-INF/LICENSE META-INF/THIRD-PARTY-NOTICES.md >/dev/null ||
    die "$jar: licence or third-party notices are missing"
done
say "the packaged jars work from a separate project"
