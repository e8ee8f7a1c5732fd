package xxe

import (
	"bytes"

	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
)

// published reports whether a document type is one that publishers of formats offer, at a host on which
// nobody else can leave a file.
func published(id []byte) bool {
	scheme := lex.Index(id, "://")
	if scheme < 0 {
		return lex.HasPrefix(id, "about:") || lex.HasPrefix(id, "urn:")
	}
	h := host.Read(id, scheme+3)
	if len(h.User) > 0 || len(h.Port) > 0 || bytes.IndexByte(id, '?') >= 0 {
		return false
	}
	name := h.Name
	if lex.HasPrefix(name, "www.") {
		name = name[len("www."):]
	}
	return lex.OneOf(name, publishers...)
}

// publishers are hosts of document types, with or without www. in front. Most of their domains have
// others too, on which projects, pages and files of anybody are.
var publishers = []string{
	"w3.org", "sun.com", "java.sun.com", "developers.sun.com", "oracle.com", "java.oracle.com", "docs.oracle.com", "download.oracle.com", "xmlns.oracle.com", "jcp.org", "xmlns.jcp.org", "jakarta.ee",
	"apache.org", "xml.apache.org", "logging.apache.org", "struts.apache.org", "jakarta.apache.org", "tomcat.apache.org", "ibatis.apache.org", "avalon.apache.org", "ant.apache.org", "cocoon.apache.org", "forrest.apache.org", "tapestry.apache.org", "velocity.apache.org", "maven.apache.org", "db.apache.org", "portals.apache.org", "incubator.apache.org", "xmlgraphics.apache.org",
	"hibernate.org", "hibernate.sourceforge.net", "sodipodi.sourceforge.net", "docbook.sourceforge.net", "pmd.sourceforge.net", "checkstyle.sourceforge.net", "castor.sourceforge.net", "xdoclet.sourceforge.net", "dozer.sourceforge.net", "displaytag.sourceforge.net", "springmodules.sourceforge.net",
	"mybatis.org", "docbook.org", "xml.docbook.org", "oasis-open.org", "docs.oasis-open.org", "springframework.org", "jboss.org", "jboss.com", "labs.jboss.com", "eclipse.org", "eclipse.dev", "jetty.org", "jetty.mortbay.org",
	"apple.com", "adobe.com", "ns.adobe.com", "macromedia.com", "nih.gov", "dtd.nlm.nih.gov", "jats.nlm.nih.gov", "nlm.nih.gov", "ncbi.nlm.nih.gov", "eutils.ncbi.nlm.nih.gov", "dtd.ncbi.nlm.nih.gov", "opengis.net", "schemas.opengis.net", "checkstyle.org", "puppycrawl.com",
	"worldpay.com", "dtd.worldpay.com", "secure.worldpay.com", "bibit.com", "dtd.bibit.com", "cxml.org", "xml.cxml.org", "netscape.com", "my.netscape.com", "home.netscape.com", "developer.netscape.com", "wapforum.org", "openmobilealliance.org", "mozilla.org", "opensymphony.com", "ibm.com", "bea.com",
	"tei-c.org", "omg.org", "schema.omg.org", "niso.org", "xmlsoap.org", "schemas.xmlsoap.org", "freedesktop.org", "dbus.freedesktop.org", "gstreamer.freedesktop.org", "gnome.org", "glade.gnome.org", "kde.org", "inkscape.org", "musicxml.org", "daisy.org", "recordare.com", "quickfixj.org", "dublincore.org",
}
