package scanner

import "github.com/weirnode/weir/detect/evidence"

// tools are names that scanners give in the User-Agent.
var tools = [...]string{
	"sqlmap", "nikto", "nuclei", "acunetix", "nessus", "openvas", "masscan", "zgrab", "wpscan", "dirsearch", "dirbuster", "gobuster", "feroxbuster", "ffuf", "fuzz faster u fool", "wfuzz",
	"w3af", "arachni", "netsparker", "invicti", "appscan", "webinspect", "qualys", "burpsuite", "burpcollaborator", "burp collaborator", "zaproxy", "owasp zap", "havij", "pangolin", "jorgee", "morfeus", "nmap scripting engine", "nmap",
	"commix", "xsser", "xsstrike", "dalfox", "jaeles", "httpx - open-source", "joomscan", "droopescan", "cmsmap", "whatweb", "skipfish", "paros", "webscarab", "whisker", "wapiti", "sqlninja", "bsqlbf", "sqlsus",
	"metasploit", "n-stealth", "nstalker", "hydra", "patator", "dirb", "l9explore", "l9tcpid", "leakix", "zmeu", "muieblackcat", "libwhisker", "fimap", "uniscan", "golismero", "censysinspect", "shodan", "expanse, a palo alto", "detectify", "intruder.io",
	"tplmap", "nosqlmap", "ssrfmap", "crackmapexec", "hakrawler", "amass", "subfinder", "naabu", "rustscan", "awvs", "rapid7", "nexpose", "probely", "tenable", "securityscanner", "cgichk", "gootkit auto-rooter scanner",
	"struts-pwn", "libredtail-http", "kube-hunter", "report runner", "hello, world", "crlfuzz", "kiterunner", "ghauri", "jsql injection", "pocsuite", "osmedeus", "sn1per", "wafw00f", "xspear", "interactsh", "internetmeasurement", "custom-asynchttpclient", "sysscan", "datacha0s", "wvs", "springenwerk", "prog.customcrawler", "sf/2.", "t0rr", "mysqloit", "black widow", "core-project", "evilscanner", "vulnerability scanner", "webvulnscan", "fhscan", "domino hunter", "grendel-scan", "pmafind", "webtrends security analyzer", "xmlset_roodkcableoj28840ybtide",
}

// toolsBy holds tools by their first two letters.
var toolsBy = func() (by [1024][]string) {
	for _, t := range tools {
		k := pair(t[0], t[1])
		by[k] = append(by[k], t)
	}
	return by
}()

// pair is a number of two letters, without regard to case.
func pair(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// place is what a segment of a path tells by its name.
type place struct {
	sign   *evidence.Sign
	weight int8
	folder bool // also in the middle of a path
}

// wholeNames are segments, in lower case, that sites do not link to.
var wholeNames = map[string]place{
	"web-inf": {&secret, 8, true}, "meta-inf": {&secret, 6, true}, "web.config": {&secret, 8, false}, "id_rsa": {&secret, 8, false}, "id_dsa": {&secret, 8, false}, "id_ed25519": {&secret, 8, false},
	"wp-config.php": {&secret, 8, false}, "wp-config.txt": {&secret, 8, false}, "credentials.json": {&secret, 6, false}, "secrets.yml": {&secret, 8, false}, "secrets.json": {&secret, 8, false}, "database.yml": {&secret, 8, false},
	"docker-compose.yml": {&secret, 8, false}, "docker-compose.yaml": {&secret, 8, false}, "dockerfile": {&secret, 6, false}, "sftp-config.json": {&secret, 8, false}, "parameters.yml": {&secret, 8, false}, "application.properties": {&secret, 8, false},
	"application.yml": {&secret, 8, false}, "appsettings.json": {&secret, 6, false}, "local.xml": {&secret, 6, false}, "passwd": {&secret, 5, false}, "shadow": {&secret, 5, false}, "server.key": {&secret, 8, false}, "private.key": {&secret, 8, false}, "privatekey.key": {&secret, 8, false},
	"phpinfo.php": {&console, 8, false}, "info.php": {&console, 6, false}, "test.php": {&console, 5, false}, "adminer.php": {&console, 6, false}, "phpmyadmin": {&console, 6, true}, "pma": {&console, 6, true}, "server-status": {&console, 8, false}, "server-info": {&console, 8, false},
	"heapdump": {&console, 8, false}, "trace.axd": {&console, 8, false}, "elmah.axd": {&console, 8, false}, "jmx-console": {&console, 8, true}, "web-console": {&console, 8, true}, "jolokia": {&console, 8, true}, "_profiler": {&console, 7, true}, "_ignition": {&console, 8, true},
	"invoker": {&console, 5, true}, "hudson": {&console, 6, true}, "telescope": {&console, 5, true}, "_all_dbs": {&console, 8, false}, "_cat": {&console, 6, true}, "_cluster": {&console, 6, true},
	"eval-stdin.php": {&weakness, 9, false}, "hnap1": {&weakness, 8, true}, "boaform": {&weakness, 8, true}, "gponform": {&weakness, 8, true}, "setup.cgi": {&weakness, 8, false}, "execute-solution": {&weakness, 9, false}, "timthumb.php": {&weakness, 6, false},
	"c99.php": {&weakness, 8, false}, "r57.php": {&weakness, 8, false}, "wso.php": {&weakness, 8, false}, "b374k.php": {&weakness, 8, false}, "alfa.php": {&weakness, 8, false}, "shell.php": {&weakness, 8, false}, "webshell.php": {&weakness, 8, false}, "cmd.jsp": {&weakness, 8, false},
	"cmd.php": {&weakness, 8, false}, "cmd.aspx": {&weakness, 8, false}, "shell.jsp": {&weakness, 8, false}, "jmxinvokerservlet": {&weakness, 8, false}, "ejbinvokerservlet": {&weakness, 8, false}, "fckeditor": {&weakness, 6, true}, "luci": {&weakness, 5, true}, "_vti_bin": {&weakness, 8, true}, "_vti_pvt": {&weakness, 8, true},
	"wls-wsat": {&weakness, 8, true}, "_async": {&weakness, 6, true}, "bea_wls_deployment_internal": {&weakness, 8, true}, "bea_wls_internal": {&weakness, 8, true}, "struts2-showcase": {&weakness, 8, true}, "struts2-rest-showcase": {&weakness, 8, true},
	"goform": {&weakness, 6, true}, "tmunblock.cgi": {&weakness, 8, true}, "wanipcn.xml": {&weakness, 8, true}, "picsdesc.xml": {&weakness, 8, true}, "currentsetting.htm": {&weakness, 8, false}, "diag_form": {&weakness, 8, true}, "formlogin": {&weakness, 6, true},
	"cfide": {&weakness, 7, true}, "telerik.web.ui.dialoghandler.aspx": {&weakness, 8, false}, "telerik.web.ui.dialoghandler.axd": {&weakness, 8, false}, "descriptorbyname": {&weakness, 8, true}, "vropspluginui": {&weakness, 8, true},
	"azenv.php": {&mark, 8, false}, "testproxy.php": {&mark, 8, false}, "proxyheader.php": {&mark, 8, false}, "proxycheck.php": {&mark, 6, false},
	"terraform.tfstate": {&secret, 8, false}, "terraform.tfstate.backup": {&secret, 8, false}, "terraform.tfvars": {&secret, 8, false}, "ansible.cfg": {&secret, 6, false}, "kubeconfig": {&secret, 8, false}, "id_ecdsa": {&secret, 8, false}, "authorized_keys": {&secret, 8, false},
	"debug.log": {&secret, 6, false}, "laravel.log": {&secret, 8, false}, "wp-config-sample.php": {&secret, 6, false}, "configuration.php-dist": {&secret, 6, false}, "settings.php.bak": {&secret, 8, false}, "composer.lock": {&secret, 5, false}, "nginx.conf": {&secret, 7, false}, "httpd.conf": {&secret, 7, false},
	"adminer": {&console, 6, false}, "server-info.action": {&console, 8, false}, "ftpsync.settings": {&secret, 8, false}, "human2.aspx": {&weakness, 8, false}, "toolpane.aspx": {&weakness, 6, false}, "hsqldb%0a": {&weakness, 8, false}, "hsqldb\n": {&weakness, 8, false},
	"widget_php": {&weakness, 8, false}, "setup-restore.action": {&weakness, 8, false}, "text-inline.vm": {&weakness, 8, false}, "mboximport": {&weakness, 8, false}, "metadatauploader": {&weakness, 8, false}, "bsh.servlet.bshservlet": {&weakness, 8, false},
	"htmlofficeservlet": {&weakness, 8, false}, "ztp_gate.php": {&weakness, 8, true}, "programexport": {&weakness, 8, false}, "ctcwebservicebean": {&weakness, 8, true}, "webui_wsma_http": {&weakness, 8, false}, "webui_wsma_https": {&weakness, 8, false},
	"w00tw00t.at.isc.sans.dfind": {&mark, 8, true}, "w00tw00t.at.isc.sans.dfind:)": {&mark, 8, true}, "nice ports,": {&mark, 8, true}, "nice%20ports%2c": {&mark, 8, true}, "trinity.txt.bak": {&mark, 8, false},
}

// followed are folders with what is telling behind them.
var followed = map[string][]string{
	"actuator":         {"heapdump", "env", "threaddump", "gateway/", "jolokia", "logfile", "mappings", "configprops", "beans", "trace", "httptrace", "auditevents", "loggers", "sessions", "shutdown", "restart", "refresh"},
	"manager":          {"html", "jmxproxy"},
	"debug":            {"pprof", "vars", "default/view"},
	"solr":             {"admin/", "select?q=*"},
	"cgi-bin":          {"luci", "test-cgi", "printenv", "status", "bash", "php.cgi", "php5", "php4", "config.exp", "kerbynet", "fwbcgi", "jarrewrite.sh", "popen.cgi", "supervisor/cloudsetup.cgi", "../", ".%2e", "%2e%2e"},
	"vendor":           {"phpunit/", ".env"},
	"console":          {"login/loginform.jsp", "j_security_check", "css/%252e"},
	"druid":            {"index.html", "indexer/"},
	"latest":           {"meta-data", "user-data"},
	"_profiler":        {"phpinfo", "open", "empty/search"},
	"_node":            {"_local/_config", "nonode@nohost/_config"},
	"_config":          {"query_servers", "admins"},
	"mgmt":             {"tm/util/bash", "shared/authn/login"},
	"tmui":             {"login.jsp/..;", "login.jsp/%2e"},
	"ws":               {"v1/cluster/apps/new-application"},
	"v1":               {"agent/service/register", "agent/check/register"},
	"nacos":            {"v1/auth/users", "v1/cs/configs"},
	"api":              {"v1/totp/user-backup-code", "jolokia", "timelion/run"},
	"sdk":              {"weblanguage"},
	"cfide":            {"administrator", "adminapi", "componentutils"},
	"ui":               {"vropspluginui"},
	"remote":           {"fgt_lang"},
	"ctrlt":            {"deviceupgrade"},
	"dana-na":          {"../", "auth/url_default/../"},
	"vpn":              {"../vpns", "..%2fvpns"},
	"vpns":             {"portal/scripts", "cfg/smb.conf"},
	"+cscot+":          {"translation-table", "oem-customization"},
	"public":           {"plugins/../"},
	"hybridity":        {"vc/", "api/"},
	"analytics":        {"telemetry/ph/"},
	"containers":       {"json", "create"},
	"xmldata":          {"item=all"},
	"fileserver":       {"..%5c", "../"},
	"uddiexplorer":     {"searchpublicregistries.jsp"},
	"telescope":        {"requests", "telescope-api"},
	"wp-admin":         {"setup-config.php"},
	"mifs":             {"aad/api/", ".;/"},
	"wp-file-manager":  {"lib/php/connector", "lib/files/"},
	"_async":           {"asyncresponseservice"},
	"gwtest":           {"formssso"},
	"pcidss":           {"report"},
	"rapi":             {"filedownload"},
	"configwizard":     {"keyupload.jsp"},
	"minio":            {"bootstrap/"},
	"h5-vsan":          {"rest/proxy/service"},
	"tokens":           {"rpc2"},
	"dana-ws":          {"namedusers"},
	"casa":             {"nodes/thumbprints"},
	"setupwizard.aspx": {""},
	"setup":            {"setupadministrator.action", "setupdbtype.action"},
}

// lengths holds, by its first byte, the lengths of all names above: most segments are
// none of them, and a look-up in a map costs.
var lengths = func() (by [256]uint64) {
	for name := range wholeNames {
		by[name[0]] |= 1 << len(name)
	}
	for name := range followed {
		by[name[0]] |= 1 << len(name)
	}
	return by
}()

// Endings of copies, of scripts whose copies show their source, of archives.
var (
	copyEnds    = [...]string{".bak", ".old", ".swp", ".swo", ".save", ".orig", ".copy", ".tmp", ".backup", ".1", ".2", "~", ".gz", ".zip", ".bz2", ".tar.gz", ".xz", ".7z", ".rar", ".dist"}
	scriptEnds  = [...]string{".php", ".asp", ".aspx", ".jsp", ".config", ".inc", ".cgi", "config.yml", ".env", ".conf", ".ini"}
	archiveEnds = [...]string{".zip", ".tar.gz", ".tgz", ".tar", ".rar", ".7z", ".bak", ".gz", ".bz2"}
)
