package scanner

import "strings"

// appliances are folders and files of devices and of products that are on a host of
// their own, so that nobody asks another site for them: gateways of VPNs, routers,
// cameras, printers, hypervisors, transfers of files, office suites.
const appliances = "dana-na dana-ws pan_help runningpods setsystemcommand uapim h2-console dana-cached +cscoe+ +cscou+ +webvpn+ vpns ccmadmin ccmuser ccmservice cucm-uds __api__ sonicui sslvpnlogin.html vsphere-client vcac horizon_workspace zimbraadmin worldclient.dll mewebmail ws_utc xmlpserver psigw " +
	"ctcwebservice developmentserver xxl-job-admin onvif-http userrpm webfig jsproxy rom-0 romfile.cfg backupsettings.conf rpc2_login goform formsyscmd formping hndunblock.cgi apply_sec.cgi getcfg.php device.account device.rsp videostream.cgi decoder_control.cgi " +
	"get_params.cgi loginrpm.htm wanipcn.xml moveitisapi moveitisapi.dll guestaccess.aspx goanywhere setupwizard.aspx lucee-server railo-context axis2-admin functionrouter getphpinfo.php connector.minimal.php magmi jmxinvokerservlet " +
	"seeyon yyoa ispirit uapws defaultroot ncfindweb mifs airwatch whm-server-status restgui vcav-bootstrap h5-vsan lookupservice samlresponseservlet cslu webvisu.htm conf_mail.php asynchpeople mgmtui vpnsvc sslmgr ssl-tunnel " +
	"sslvpn_logon.shtml fortimail cscosslc cmplatform webauth_operation.php jsdm zld_product_spec.js dumpztplog.py stssys.htm brs_netgear_success.html passwordrecovered.cgi unauth.cgi debuginfo.htm rootdesc.xml gatedesc.xml dsl_loginindex backupmgt queryuserlist ddns_check.php resin-admin jbossmq-httpil wsrpc oamfed b1ixcellerator lcds-samples opensso h5-vsan nmconsole userfiltertablerpt.asp vsapres vltrader jeecg-boot evo-apigw artemis-portal w_selfservice scadabr  getwebcfg getsimplecgi  cewolf igd.xml boafrm remote_agent.php gwtest appscan_fingerprint muieblackcat zmeu wvstest iisadmpwd msadc iissamples _mem_bin"

// reached are the same below folders whose names other sites have, too.
var reached = map[string]string{
	"remote":         "logincheck login hostcheck_validate fortisslvpn saml/start fgt_lang info/sslvpn",
	"global-protect": "login.esp getconfig.esp prelogin.esp getsoftwarepage.esp portal/css portal/images logout.esp",
	"ssl-vpn":        "hipreport.esp hipreportcheck.esp getconfig.esp login.esp agent.esp prelogin.esp",
	"logon":          "logonpoint",
	"nf":             "auth/getauthenticationrequirements.do auth/doauthentication.do auth/doauthentication",
	"menu":           "stapp neo guiw",
	"xui":            "common/ common/scripts",
	"mgmt":           "tm/util/bash tm/access shared/authn/login shared/authz shared/iapp",
	"php":            "ztp_gate.php utils/ rest/",
	"unauth":         "php/ remote_error",
	"level":          "15/exec 15/-/ 16/exec",
	"sdwan":          "nitro",
	"webui":          "logoutconfirm.html index.html%3b rest/",
	"userportal":     "webpages controller",
	"webconsole":     "webpages controller apprunner",
	"clients":        "mycrl",
	"sslvpn":         "login/login portal.html mobile",
	"portal":         "redlion info.jsp portal.mwsl",
	"suite-api":      "api/versions",
	"catalog-portal": "ui/oauth",
	"saas":           "auth/login jersey/manager api/1.0",
	"eam":            "vib",
	"ecp":            "ddi/ y.js x.js default.flt proxylogon.ecp program.js",
	"owa":            "auth/x.js auth/y.js auth/test.aspx auth/webshell.aspx auth/outlook.aspx auth/errorew.aspx auth/current/themes/resources/",
	"rpc":            "rpcproxy.dll webses getsession.asp",
	"zimbra":         "public/jsp",
	"service":        "extension/backup extdirect local/status rest/internal",
	"oa_html":        "bneuploaderservice bneviewerxmlservice lcmservicecontroller.jsp configurator/uiservlet syncservlet applocallogin.jsp appslocallogin.jsp",
	"em":             "faces/logon console/logon",
	"sap":            "admin/ public/info bc/soap/rfc hana/xs",
	"webtools":       "control/",
	"solr":           "admin/ db/debug core/debug",
	"airflow":        "api/experimental",
	"_layouts":       "15/toolpane.aspx 16/toolpane.aspx 15/spinstall0.aspx 16/spinstall0.aspx",
	"setup":          "setupadministrator-start.action setupstart.action",
	"secure":         "contactadministrators querycomponent viewuserhover.jspa managefilters.jspa configureportalpages!default.jspa",
	"pages":          "createpage-entervariables.action doenterpagevariables.action templates2/viewpagetemplate.action",
	"computer":       "(master)/script (built-in)/script",
	"securityrealm":  "user/admin/descriptorbyname",
	"ud":             "act",
	"isapi":          "security/users",
	"system":         "configurationfile console/bundles console/configmgr",
	"security":       "users%3fauth",
	"doc":            "page/login.asp page/config.asp",
	"view":           "viewer_index.shtml indexframe.shtml view.shtml",
	"sws":            "index.html index.sws app/",
	"web":            "guest/en/websys cgi-bin/",
	"presentation":   "html/top advanced/",
	"mjpg":           "video.mjpg",

	"cgi":                "login.cgi conf.bin ipmi.cgi url_redirect.cgi getparam maker/ b/",
	"json":               "login_session host_info",
	"evox":               "about",
	"winbox":             "index.html",
	"ubnt":               "login.cgi login.html",
	"webinterface":       "function login.html new-ui",
	"aspera":             "faspex",
	"cf_scripts":         "scripts/ajax/ckeditor/plugins/filemanager",
	"lucee":              "admin templates",
	"axis2":              "services/listservices axis2-admin axis2-web services/version",
	"axis":               "services/adminservice servlet/adminservlet happyaxis.jsp",
	"carbon":             "admin/login.jsp admin/index.jsp",
	"fileupload":         "toolsany tools",
	"host-manager":       "html text",
	"examples":           "servlets/servlet jsp/snp servlets/index.html",
	"struts":             "webconsole.html utils.js",
	"storage":            "framework/sessions framework/views framework/cache",
	"bootstrap":          "cache/config.php cache/services.php",
	"sites":              "default/private default/files/backup_migrate default/files/private",
	"management":         "heapdump threaddump configprops httptrace jolokia gateway/routes",
	"manage":             "heapdump threaddump configprops httptrace jolokia",
	"revslider":          "temp/update_extract",
	"wp-content":         "ai1wm-backups backups uploads/wc-logs uploads/db-backup plugins/woocommerce/logs w3tc-config uploads/backups backup-db backups-dup-lite backups-dup-pro uploads/backupbuddy_backups uploads/wp-file-manager-pro uploads/backup-guard updraft/ backupwordpress uploads/snapshots plugins/wp-file-manager/lib/ mysql.sql upgrade/theme-compat",
	"downloader":         "index.php",
	"admin":              "cms_wysiwyg/directive",
	"fckeditor":          "editor/filemanager",
	"kcfinder":           "upload.php browse.php",
	"desktopmodules":     "admin/radeditorprovider",
	"crx":                "de/ explorer packmgr repository",
	"libs":               "opensocial/proxy",
	"sitecore":           "shell/sitecore.version.xml shell/clientbin",
	"cmspages":           "staging/syncserver.asmx",
	"restapi":            "logoncustomization connection imagefileupload wc",
	"mdm":                "client/v1/mdmloguploader",
	"servlet":            "taskproc fetchfile ~ic ~uap downloadreportservlet filedownload nc.bs",
	"ws":                 "cli/open",
	"current_config":     "passwd account1 sha1account1",
	"general":            "index/uploadfile.php",
	"js":                 "hrm/getdata.jsp",
	"mobile":             "api/api.ali.php plugin/browser.jsp plugin/syncuserinfo.jsp plugin/shareplugin.jsp",
	"weaver":             "bsh.servlet org.springframework weaver.",
	"c6":                 "jhsoft",
	"nitro":              "v1/config",
	"citrix":             "xenapp pnagent",
	"webadmin":           "deny/ tools/ policy/",
	"ajax":               "api/hook/decodearguments api/ad/replaceadtemplate api/user/replaceadtemplate render/widget_tabbedcontainer_tab_panel render/widget_php",
	"pools":              "default/buckets",
	"_vti_bin":           "shtml.dll shtml.exe fpcount.exe _vti_aut _vti_adm",
	"v2":                 "_catalog",
	"app":                "etc/local.xml etc/env.php etc/config.php",
	"vendor":             "composer/installed.json composer/installed.php bin/",
	".github":            "workflows",
	"v1":                 "sys/seal-status sys/init sys/mounts kv/%3frecurse",
	"api":                "v1/configuration/users/user-roles sitecore/sitecore.mvc.devicesimulator v2/cmdb v1/namespaces/default/secrets v1/namespaces/kube-system/secrets snapshots/:key sonicos aaalogin.json index.php/v1/config/application index.php/v1/users index.php/v1/config v1/cav/client console/api_server",
	"manager":            "text/ status/all html/upload",
	"latest":             "dynamic/instance-identity",
	"debug":              "requests metrics/prometheus pprof",
	"rails":              "info/properties info/routes info/notes conductor/ mailers/",
	"nuxeo":              "login.jsp/",
	"admin-console":      "login.seam",
	"ibm":                "console/logon.jsp",
	"cvs":                "root entries repository",
	"_darcs":             "prefs inventory hashed_inventory pristine patches format",
	"nbproject":          "project.properties project.xml private",
	"phpmyadmin":         "setup scripts/setup.php config.inc.php changelog libraries/",
	"pma":                "setup scripts/setup.php",
	"dup-installer":      "main.installer.php dup-archive archive.cfg",
	"installation":       "index.php configuration.php",
	"wp-admin":           "install.php",
	"app_dev.php":        "_profiler _configurator",
	"_profiler":          "latest",
	"group_vars":         "all prod production staging",
	"node_modules":       ".package-lock.json .cache",
	"__pycache__":        "settings. config. app. main. views. models. wsgi. manage. local_settings.",
	"app_data":           "db.mdf database.mdf",
	"config":             "jwt/private.pem master.key database.php.",
	"dana":               "html5acc cached",
	"module":             "admin.fe ueditor/php",
	"esp":                "cms_changedevicecontext.esp",
	"aspnet_client":      "shell.aspx discover.aspx supp0rt.aspx error.aspx",
	"ueditor":            "net/controller.ashx php/controller.php jsp/controller.jsp",
	"kindeditor":         "php/upload_json.php jsp/upload_json.jsp asp.net/upload_json.ashx",
	"psia":               "system custom",
	"anony":              "mjpg.cgi",
	"openam":             "ccversion",
	"pf":                 "adapter2adapter.ping",
	"adminui":            "login.jsp",
	"resourceoperations": "upload",
	"sysmgmt":            "2015/bmc",
	"devmgmt":            "productconfigdyn.xml",
	"wcd":                "index.html system_device.xml",
	"hybridity":          "ui/hcx-client",
	"nidp":               "app/login",
	"invoker":            "readonly jmxinvokerservlet",
	"uddiexplorer":       "searchpublicregistries.jsp",
	"reports":            "rwservlet",
	"irj":                "servlet/prt",
	"siebel":             "start.swe",
	"flex2gateway":       "amf",
	"workrelate":         "plan/util",
	"nifi-api":           "access/config",
	"jobmanager":         "logs/..",
	"gradio_api":         "file%3d",
	"ztp":                "cgi-bin",
	"tmpfs":              "auto.jpg snap.jpg",
	"bin":                "querybuilder.json.css querybuilder.feed",
	"cgi-mod":            "index.cgi",
	"servlets":           "fetchfile",
	"cgi-bin": "userlogin supportinstaller sslvpnclient nas_sharing.cgi mainfunction.cgi export_debug_msg.exp viewcgi jvsweb.cgi hi3510 webproc webcm filemanager/ authlogin.cgi cstecgi.cgi account_mgr.cgi system_mgr.cgi param.cgi " +
		"weblogin.cgi webctrl.cgi exportsettings.sh downloadcfg getcfg export.cgi network_mgr.cgi login_mgr.cgi diagnostics.cgi ping.cgi upload_firmware.cgi webif.cgi webupg firmwareupgrade guestimage.html viewer/ rtpd.cgi quick/ wizard/ upload/ " +
		"php-cgi php-cgi.exe cmd.exe sh perl perl.exe python tcl printenv.pl test-cgi.bat htsearch phf nph-test-cgi webgais websendmail campas handler faxsurvey php.ini .htpasswd dispatcher.cgi downloadflile.cgi adm.cgi tools_ping viewlog.asp execute_cmd.cgi gdrive.cgi supervisor/ user/config.cgi nobody/machine.cgi operator/ cgiproxy.fcgi main-cgi photo/photo_view.cgi welcome upload.cgi luci/rpc webproc exportlog getuserconfig backup.cgi wireless.cgi sysinfo.cgi export_config syscmd.cgi iptest.cgi setup.cgi mft/wireless_mft redirect.cgi%3f sysconf.cgi ipcam user_login.cgi",
}

// inUse are paths below folders of products that their own clients and operators ask for all day,
// as often as scanners do: a suspicion by itself.
var inUse = map[string][]string{
	"onvif":    {"device_service"},
	"api":      {"v1/label/__name__", "jsonws/invoke"},
	"sdk":      {"vimservice"},
	"rest":     {"tinymce/1/macro/preview"},
	"p":        {"u/doauthentication.do"},
	"cgi-bin":  {"luci", "magicbox.cgi", "configmanager.cgi", "snapshot.cgi", "status.cgi"},
	"sap":      {"bc/gui/sap"},
	"hp":       {"device/"},
	"axis-cgi": {"mjpg", "jpg", "param.cgi", "com"},
	"v1":       {"catalog/services", "catalog/nodes", "agent/self", "agent/members", "agent/checks"},
	"sitecore": {"shell/applications"},
}

// devices holds appliances as segments.
var devices = func() map[string]bool {
	m := make(map[string]bool, 256)
	for name := range strings.FieldsSeq(appliances) {
		m[name] = true
	}
	return m
}()

// behind holds reached as followed holds its own.
var behind = func() map[string][]string {
	m := make(map[string][]string, len(reached)+len(followed))
	for name, paths := range followed {
		m[name] = append(m[name], paths...)
	}
	for name, paths := range reached {
		m[name] = append(m[name], strings.Fields(paths)...)
	}
	return m
}()
